/** What passes between the page and the worker. Everything here survives a structured clone. */
import type { DatasetInfo, DoneEvent, Evaluation, TrainEvent } from '../engine';
import type { Failure } from '../failure';

export interface Boot {
  build: 'simd128' | 'relaxed-simd';
  gpu: GpuProbe;
  cores: number;
}

/** What the browser says about WebGPU before any engine asks for it. */
export type GpuProbe =
  | { state: 'ready'; adapter: string; software: boolean }
  | { state: 'missing' }
  | { state: 'insecure' }
  | { state: 'refused'; message: string };

/** What a graphics adapter says of itself. */
export interface AdapterDetails {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  features: string[];
  limits: [name: string, value: number][];
}

export type ProgressPhase = 'fetch' | 'read' | 'decode' | 'store' | 'generate';

export interface Progress {
  phase: ProgressPhase;
  file: string;
  done: number;
  /** 0 where the size is not known beforehand. */
  total: number;
}

/** A set made of files; CIFAR-100's labels come in two kinds. */
export interface SetId {
  name: string;
  coarse: boolean;
}

export const keyOf = ({ name, coarse }: SetId): string => (coarse ? `${name} coarse` : name);

export interface FileProblem extends Failure {
  file: string;
}

/** The outcome of offering files to a data set: it may be complete, incomplete, or have refused some of them. */
export interface FilesResult {
  recognised: { file: string; as: string }[];
  problems: FileProblem[];
  missing: string[];
  info: DatasetInfo | null;
  /** Why the files could not be kept for next time, where they could not. */
  notKept: string | null;
}

export interface StoredSet {
  name: string;
  files: string[];
  bytes: number;
  savedAt: number;
}

export type RunState = 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** What a run sends to the page, in order. */
export type RunMessage = { type: 'events'; events: TrainEvent[] } | { type: 'state'; state: RunState; error?: Failure };

export const resultOf = (done: DoneEvent): Evaluation => ({
  loss: done.test_loss,
  accuracy: done.test_accuracy,
  top_5_accuracy: done.test_top_5_accuracy,
  confusion: done.confusion,
});
