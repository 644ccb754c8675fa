/** The messages between the page and the worker. All of them can be cloned by the structured clone algorithm. */
import type {
  DatasetInfo,
  DoneEvent,
  EngineChoice,
  Evaluation,
  Experiment,
  History,
  ImageSource,
  StepEvent,
  TrainEvent,
} from '../base/engine';
import type { Failure } from '../base/failure';

export interface Boot {
  build: 'simd128' | 'relaxed-simd';
  gpu: GpuProbe;
  cores: number;
}

/** The state of WebGPU in this browser, from before a run needs it. */
export type GpuProbe =
  | { state: 'ready'; adapter: string; software: boolean }
  | { state: 'missing' }
  | { state: 'insecure' }
  | { state: 'refused'; message: string };

/** The properties that a graphics adapter reports. */
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
  /** 0 if the size is not known in advance. */
  total: number;
}

/** A figure or a name that the engine writes as text. */
export type TextQuestion = { kind: 'bytes' | 'duration'; of: number } | { kind: 'class'; of: string };

/** Files of a data set at one place on the web. */
export interface Source {
  /** Their size together, where it is known. */
  bytes?: number;
  files: { url: string; sha256?: string }[];
}

/** What a site's `data/index.json` lists, by data set. */
export interface SiteData {
  /** The site's own files. */
  files: Record<string, string[]>;
  /** Other places, from which a student may download the set. */
  sources: Record<string, Source[]>;
}

/** The images to which a network is fitted. */
export interface ImagesAndClasses {
  height: number;
  width: number;
  channels: number;
  /** The number of classes. */
  classes: number;
}

/** A data set made of files. CIFAR-100 has fine and coarse labels. */
export interface SetId {
  name: string;
  coarse: boolean;
  /** How image files are read. */
  images?: ImageSource;
}

/** The set that an experiment trains on. */
export function setOf({ dataset, input_shape, seed }: Experiment): SetId {
  const { name, split, label_mode } = dataset;
  const set = { name: split ? `${name}/${split}` : name, coarse: label_mode === 'coarse' };
  if (name !== 'images' && name !== 'parquet') return set;
  // Limits and names of classes do not change how files are read.
  const { limit: _, classes: __, merge_classes: ___, ...how } = dataset;
  return { ...set, images: { dataset: how, input_shape, seed: seed ?? 0 } };
}

export const keyOf = ({ name, coarse, images }: SetId): string =>
  `${name}${coarse ? ' coarse' : ''}${images ? ` ${JSON.stringify(images)}` : ''}`;

export interface FileProblem extends Failure {
  file: string;
}

/** The result of adding files to a data set, which may then be complete or incomplete. Some files may have been rejected. */
export interface FilesResult {
  recognised: { file: string; as: string }[];
  problems: FileProblem[];
  missing: string[];
  info: DatasetInfo | null;
  /** Why the files could not be stored for the next visit; null if they were stored or storing was not requested. */
  notKept: string | null;
}

export const noFiles = (): FilesResult => ({ recognised: [], problems: [], missing: [], info: null, notKept: null });

/** The result of a download, which may have been cancelled, or have failed at each source. */
export interface Downloaded extends FilesResult {
  cancelled?: boolean;
  failures?: string[];
}

export interface StoredSet {
  name: string;
  files: string[];
  bytes: number;
  savedAt: number;
}

/** The key and the description under which a run is stored in the browser, with what the page needs to restore its settings. */
export interface KeepAs {
  id: string;
  title: string;
  experiment: Experiment;
  engine: EngineChoice;
  /** Written and read by the page only. */
  setup: unknown;
}

/** A stored run that can be continued. */
export interface KeptRun extends KeepAs {
  /** Completed epochs. */
  epoch: number;
  epochs: number;
  /** Completed steps. */
  step: number;
  totalSteps: number;
  savedAt: number;
}

/** A file from which a run starts. */
export interface GivenFile {
  kind: 'checkpoint' | 'weights';
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Where a run starts: from new weights (null), from the stored checkpoint, or from a file. */
export type StartFrom = null | 'kept' | GivenFile;

export type RunState = 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** The messages from a run to the page, in order. */
export type RunMessage =
  | { type: 'events'; events: TrainEvent[]; bestEpoch: number | null }
  /** The history and the step curve from before, sent by a run that is continued. */
  | { type: 'earlier'; history: History; steps: StepEvent[]; bestEpoch: number | null }
  | { type: 'state'; state: RunState; error?: Failure }
  /** The checkpoint could not be stored. The run continues. */
  | { type: 'not-kept'; why: string };

export const resultOf = (done: DoneEvent): Evaluation => ({
  loss: done.test_loss,
  accuracy: done.test_accuracy,
  top_5_accuracy: done.test_top_5_accuracy,
  confusion: done.confusion,
});
