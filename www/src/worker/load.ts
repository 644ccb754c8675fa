/** Loads the engine build that this browser can run. */
import type { Engine } from '../engine';
import { hasRelaxedSimd } from './build';

export async function loadEngine(): Promise<{ engine: Engine; build: 'simd128' | 'relaxed-simd' }> {
  const build = hasRelaxedSimd() ? 'relaxed-simd' : 'simd128';
  const module =
    build === 'relaxed-simd' ? await import('../../pkg-relaxed/convlab.js') : await import('../../pkg/convlab.js');
  await module.default();
  return { engine: module as Engine, build };
}
