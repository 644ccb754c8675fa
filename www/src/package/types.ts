/** What the package's functions take. */
import type { EngineChoice, Experiment } from '../engine';

/** A built-in experiment's id, or a whole document. */
export type ExperimentLike = string | Experiment;

/** Images: the official files, as files or by their addresses; without any, the synthetic set of the experiment's shape is drawn. */
export interface Data {
  files?: File[];
  urls?: string[];
}

export interface Options extends Data {
  engine?: EngineChoice;
  /** The same bits on every processor, at some cost in speed. */
  portable?: boolean;
  epochs?: number;
  batchSize?: number;
  seed?: number;
  /** Only the first so many images. */
  trainLimit?: number;
  testLimit?: number;
}

export interface Trained extends Options {
  /** A safetensors file. */
  weights: Uint8Array;
}
