/** Arguments of the package's functions. */
import type { EngineChoice, Experiment } from '../base/engine';

/** A built-in experiment's id, or a whole document. */
export type ExperimentLike = string | Experiment;

/** The data set: the official files or their addresses; without them, the synthetic set of the experiment's input shape. */
export interface Data {
  files?: File[];
  urls?: string[];
}

export interface Options extends Data {
  engine?: EngineChoice;
  /** Bit-identical results on every processor, at a lower speed. */
  portable?: boolean;
  epochs?: number;
  batchSize?: number;
  seed?: number;
  /** Uses only this many images, from the first on. */
  trainLimit?: number;
  testLimit?: number;
}

export interface Trained extends Options {
  /** A safetensors file. */
  weights: Uint8Array;
}
