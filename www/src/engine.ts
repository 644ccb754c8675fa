/** The types of the WebAssembly surface, by name. Only the worker loads the code behind them. */

export type EngineChoice = 'auto' | 'cpu' | 'gpu';
export type Split = 'train' | 'test';

/** An experiment is plain JSON. The engine checks it; the page reads only the parts named here. */
export interface Experiment {
  name?: string;
  title?: string;
  dataset: DatasetSpec;
  input_shape?: number[];
  layers: Record<string, unknown>[];
  batch_size?: number;
  epochs?: number;
  seed?: number;
  [key: string]: unknown;
}

export interface DatasetSpec {
  name: string;
  validation?: { split: number } | 'test' | null;
  limit?: { train?: number; test?: number };
  merge_classes?: number[][];
  [key: string]: unknown;
}

export interface Preset {
  id: string;
  title: string;
  /** Markdown: the question, what to look for. */
  text: string;
  experiment: Experiment;
}

export interface LayerSummary {
  name: string;
  type: string;
  output_shape: number[];
  params: number;
  macs: number;
  activation_bytes: number;
  inputs: string[];
}

export interface Summary {
  layers: LayerSummary[];
  totals: {
    params: number;
    trainable: number;
    non_trainable: number;
    macs: number;
    activation_bytes: number;
  };
}

export interface DatasetInfo {
  name: string;
  title: string;
  synthetic: boolean;
  classes: string[];
  height: number;
  width: number;
  channels: number;
  train: number;
  test: number;
  class_counts: number[];
}

export interface SessionInfo {
  engine: 'cpu' | 'gpu';
  device: string;
  reason: string;
  notice: string | null;
  build: 'simd128' | 'relaxed-simd';
  seed: number;
  steps_per_epoch: number;
  epochs: number;
  train_samples: number;
  validation_samples: number;
  test_samples: number;
  classes: string[];
}

export interface StepEvent {
  event: 'step';
  step: number;
  epoch: number;
  step_in_epoch: number;
  steps_per_epoch: number;
  total_steps: number;
  loss: number;
  accuracy: number;
  learning_rate: number;
  images_per_s: number;
}

export interface EpochEvent {
  event: 'epoch';
  epoch: number;
  loss: number;
  accuracy: number;
  val_loss?: number;
  val_accuracy?: number;
  learning_rate: number;
  seconds: number;
}

export interface DoneEvent {
  event: 'done';
  test_loss: number;
  test_accuracy: number;
  test_top_5_accuracy: number;
  confusion: number[][];
  engine: string;
  device: string;
  build: string;
  images_per_s: number;
  seconds: number;
  stopped_early: boolean;
}

export interface NoticeEvent {
  event: 'notice';
  message: string;
}

export type TrainEvent = StepEvent | EpochEvent | DoneEvent | NoticeEvent;

export interface Evaluation {
  loss: number;
  accuracy: number;
  top_5_accuracy: number;
  confusion: number[][];
}

export interface Prediction {
  index: number;
  label: number;
  predicted: number;
  probabilities: number[];
}

export interface History {
  epochs: Omit<EpochEvent, 'event'>[];
  learning_rates: number[];
  engine: string;
  device: string;
  build: string;
  seed: number;
}

export interface EngineDataset {
  info(): DatasetInfo;
  images(split: Split, indices: Uint32Array): Uint8Array;
  labels(split: Split, indices: Uint32Array): Uint8Array;
  free(): void;
}

export interface EngineDatasetLoader {
  add(fileName: string, bytes: Uint8Array, onProgress?: (done: number, total: number) => void): string;
  missing(): string[];
  finish(): EngineDataset;
  free(): void;
}

export interface EngineSession {
  info(): SessionInfo;
  advance(budgetMs: number): Promise<TrainEvent[]>;
  evaluate(): Promise<Evaluation>;
  predict(split: Split, index: number): Promise<Prediction>;
  weights(): Promise<Uint8Array>;
  load_weights(bytes: Uint8Array): void;
  history(): History;
  free(): void;
}

/** The module that `wasm-bindgen` writes, as the worker uses it. */
export interface Engine {
  list(): Preset[];
  summary(experiment: Experiment): Summary;
  DatasetLoader: new (name: string) => EngineDatasetLoader;
  Dataset: {
    synthetic(
      name: string,
      seed: number,
      train: number,
      test: number,
      onProgress?: (done: number, total: number) => void,
    ): EngineDataset;
  };
  Session: {
    create(experiment: Experiment, dataset: EngineDataset, options: { engine: EngineChoice }): Promise<EngineSession>;
  };
}
