/** What passes between the page and the worker. Everything here survives a structured clone. */
import type {
  DatasetInfo,
  DoneEvent,
  EngineChoice,
  Evaluation,
  Experiment,
  History,
  StepEvent,
  TrainEvent,
} from '../base/engine';
import type { Failure } from '../base/failure';

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

/** Progress as the page shows it: where it counts bytes, with their texts. */
export interface ShownProgress extends Progress {
  bytes: { done: string; total: string } | null;
}

/** A figure or a name that the engine writes as text. */
export type TextQuestion = { kind: 'bytes' | 'duration'; of: number } | { kind: 'class'; of: string };

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

/** Under what a run is kept in the browser, and what the page needs to set itself up for it again. */
export interface KeepAs {
  id: string;
  title: string;
  experiment: Experiment;
  engine: EngineChoice;
  /** The page's own affair. */
  setup: unknown;
}

/** A run that can be gone on with. */
export interface KeptRun extends KeepAs {
  /** Epochs done. */
  epoch: number;
  epochs: number;
  /** Steps done. */
  step: number;
  totalSteps: number;
  savedAt: number;
}

/** A file that a run begins with. */
export interface GivenFile {
  kind: 'checkpoint' | 'weights';
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Where a run begins: at its beginning, with what is kept of it here, or with a file. */
export type GoOn = null | 'kept' | GivenFile;

export type RunState = 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** What a run sends to the page, in order. */
export type RunMessage =
  | { type: 'events'; events: TrainEvent[]; bestEpoch: number | null }
  /** What had happened before this visit, where the run goes on with another. */
  | { type: 'earlier'; history: History; steps: StepEvent[]; bestEpoch: number | null }
  | { type: 'state'; state: RunState; error?: Failure }
  /** The run could not be kept for later; it trains on. */
  | { type: 'not-kept'; why: string };

export const resultOf = (done: DoneEvent): Evaluation => ({
  loss: done.test_loss,
  accuracy: done.test_accuracy,
  top_5_accuracy: done.test_top_5_accuracy,
  confusion: done.confusion,
});
