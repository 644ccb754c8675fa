/**
 * The engine of a worker. The small engine, which is loaded first, knows the layers, activations and optimizers of the built-in
 * experiments. If it rejects an experiment, the extended engine is loaded and answers instead. It knows everything that the small one
 * knows and gives the same results, so it also replaces it for all later calls.
 */
import type { Engine } from '../base/engine';
import { type EngineOptions, type Loaded, loadEngine } from './load';

export class Engines {
  #loaded: Loaded;
  #options: EngineOptions;
  #extending: Promise<void> | null = null;

  private constructor(
    loaded: Loaded,
    options: EngineOptions,
    private readonly onExtended: (loaded: Loaded, options: EngineOptions) => void,
  ) {
    this.#loaded = loaded;
    this.#options = options;
  }

  /** Loads the small engine. `onExtended` is called when the extended one has replaced it. */
  static async load(portable: boolean, onExtended: (loaded: Loaded, options: EngineOptions) => void): Promise<Engines> {
    const options = { portable, extended: false };
    return new Engines(await loadEngine(options), options, onExtended);
  }

  get current(): Loaded {
    return this.#loaded;
  }

  get options(): EngineOptions {
    return this.#options;
  }

  /** Calls the engine; if it rejects the experiment, the extended engine. */
  async ask<T>(call: (engine: Engine) => T | Promise<T>): Promise<T> {
    const { engine } = this.#loaded;
    try {
      return await call(engine);
    } catch (error) {
      if (!rejectsExperiment(error)) throw error;
      if (engine === this.#loaded.engine && this.#options.extended) throw error;
      await this.#extend();
      return call(this.#loaded.engine);
    }
  }

  #extend(): Promise<void> {
    this.#extending ??= this.#loadExtended().catch((error: unknown) => {
      // Without a connection, for example: the next call tries again.
      this.#extending = null;
      throw error;
    });
    return this.#extending;
  }

  async #loadExtended(): Promise<void> {
    const options = { ...this.#options, extended: true };
    this.#loaded = await loadEngine(options);
    this.#options = options;
    this.onExtended(this.#loaded, options);
  }
}

/** The kinds of errors that an unknown word in an experiment causes (`Error::kind` in src/base/error.rs). */
const rejectsExperiment = (error: unknown): boolean =>
  error instanceof Error && 'kind' in error && (error.kind === 'spec' || error.kind === 'layer');
