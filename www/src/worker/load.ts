/** Loads the engine build that the options require and this browser supports. */
import type { Engine } from '../base/engine';
import { hasRelaxedSimd } from './build';

export type Build = 'simd128' | 'relaxed-simd';

export interface Loaded {
  engine: Engine;
  build: Build;
  memory: WebAssembly.Memory;
}

/** With `portable`, loads the build whose results are bit-identical on every processor; otherwise the fastest. */
export async function loadEngine(portable: boolean): Promise<Loaded> {
  const build = !portable && hasRelaxedSimd() ? 'relaxed-simd' : 'simd128';
  const module =
    build === 'relaxed-simd' ? await import('../../pkg-relaxed/convlab.js') : await import('../../pkg/convlab.js');
  const { memory } = await module.default();
  return { engine: module as Engine, build, memory };
}
