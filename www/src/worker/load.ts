/** Loads the engine build that the options require and this browser supports. */
import type { Engine } from '../base/engine';
import { hasRelaxedSimd } from './build';

export type Build = 'simd128' | 'relaxed-simd';

export interface Loaded {
  engine: Engine;
  build: Build;
  memory: WebAssembly.Memory;
}

export interface EngineOptions {
  /** Loads the build whose results are bit-identical on every processor instead of the fastest. */
  portable: boolean;
  /** Loads the engine that knows all layers, activations and optimizers; it gives the same results as the smaller one. */
  extended: boolean;
}

/** With the compiled `code` of another instance, an engine only loads its JavaScript. */
export async function loadEngine(options: EngineOptions, code?: WebAssembly.Module): Promise<Loaded> {
  const build = !options.portable && hasRelaxedSimd() ? 'relaxed-simd' : 'simd128';
  const module = await (options.extended ? importExtended(build) : importSmall(build));
  const { memory } = await module.default(code && { module_or_path: code });
  return { engine: module as Engine, build, memory };
}

const importSmall = (build: Build) =>
  build === 'relaxed-simd' ? import('../../pkg-relaxed/convlab.js') : import('../../pkg/convlab.js');

const importExtended = (build: Build) =>
  build === 'relaxed-simd' ? import('../../pkg-extended-relaxed/convlab.js') : import('../../pkg-extended/convlab.js');
