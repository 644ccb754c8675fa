/** Loads the engine build that is wanted and that this browser can run. */
import type { Engine } from '../engine';
import { hasRelaxedSimd } from './build';
import { Parts, type PartsOfScript } from './parts';

export type Build = 'simd128' | 'relaxed-simd';

export interface Loaded {
  engine: Engine;
  build: Build;
  memory: WebAssembly.Memory;
  parts: Parts;
}

/**
 * With `portable` the build whose results are the same on every processor; otherwise the fastest. The part that is to compute comes
 * with it.
 */
export async function loadEngine(portable: boolean, part: Promise<number>): Promise<Loaded> {
  const build = !portable && hasRelaxedSimd() ? 'relaxed-simd' : 'simd128';
  const module =
    build === 'relaxed-simd' ? await import('../../pkg-relaxed/convlab.js') : await import('../../pkg/convlab.js');
  // Added to what is generated, by `.ci/split-wasm.mjs`.
  const parts = new Parts((module as unknown as { parts: PartsOfScript }).parts);
  const [{ memory }] = await Promise.all([module.default(), part.then((which) => parts.ahead(which))]);
  return { engine: module as Engine, build, memory, parts };
}
