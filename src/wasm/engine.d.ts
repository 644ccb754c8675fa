/** An experiment document; the engine checks it. */
export interface Experiment {
  name: string;
  title?: string;
  text?: string;
  dataset: DatasetSpec;
  input_shape: [number, number, number];
  layers: LayerSpec[];
  loss: 'sparse_categorical_crossentropy' | 'categorical_crossentropy';
  optimizer: { type: string; [option: string]: unknown };
  learning_rate_schedule?: { type: string; [option: string]: unknown } | null;
  augmentation?: { type: string; [option: string]: unknown }[];
  early_stopping?: {
    monitor?: 'loss' | 'accuracy' | 'val_loss' | 'val_accuracy';
    min_delta?: number;
    patience?: number;
    restore_best_weights?: boolean;
  } | null;
  /** Keeps the best epoch's weights; the run goes on. */
  model_checkpoint?: { monitor?: 'loss' | 'accuracy' | 'val_loss' | 'val_accuracy' } | null;
  batch_size?: number;
  micro_batch_size?: number | null;
  epochs?: number;
  seed?: number;
}

export interface DatasetSpec {
  name: string;
  merge_classes?: number[][] | null;
  validation?: 'test' | { split: number } | null;
  limit?: { train?: number | null; test?: number | null } | null;
  classes?: string[] | null;
  label_mode?: 'fine' | 'coarse' | null;
}

export interface LayerSpec {
  type: string;
  name?: string;
  inputs?: string[];
  [option: string]: unknown;
}

export interface LayerSummary {
  name: string;
  type: string;
  /** Keras's class: `MaxPooling2D`. */
  class_name: string;
  output_shape: number[];
  /** As Keras shows it: `(None, 32, 32, 3)`. */
  shape_text: string;
  params: number;
  macs: number;
  flops: number;
  activation_bytes: number;
  inputs: string[];
}

export interface Summary {
  /** The input shape as Keras shows it. */
  input_text: string;
  layers: LayerSummary[];
  totals: {
    params: number;
    trainable: number;
    non_trainable: number;
    macs: number;
    flops: number;
    activation_bytes: number;
    param_bytes: number;
  };
}

/** What a data set is, besides its pictures. */
export interface DatasetHead {
  name: string;
  title: string;
  classes: string[];
  /** Height, width and channels of a picture. */
  size: [number, number, number];
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
  /** Training pictures of each class. */
  class_counts: number[];
}

export interface SessionOptions {
  /** `gpu-first` is `auto` where there is a graphics card, `cpu-first` where it is known that there is none, or none that is faster. */
  engine?: 'auto' | 'cpu' | 'gpu' | 'gpu-first' | 'cpu-first';
  shuffle?: boolean;
}

export interface SessionInfo {
  engine: 'cpu' | 'gpu';
  device: string;
  /** Why this engine. */
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

export type TrainEvent = StepEvent | EpochEvent | DoneEvent | InterruptedEvent | NoticeEvent;

/** Training steps; the figures are means over the epoch so far. */
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

export interface EpochEvent extends HistoryEpoch {
  event: 'epoch';
}

export interface DoneEvent {
  event: 'done';
  test_loss: number;
  test_accuracy: number;
  test_top_5_accuracy: number;
  /** `confusion[label][predicted]`. */
  confusion: number[][];
  engine: 'cpu' | 'gpu';
  device: string;
  build: string;
  images_per_s: number;
  seconds: number;
  stopped_early: boolean;
}

/** The device failed; the run went on from its last snapshot. */
export interface InterruptedEvent {
  event: 'interrupted';
  /** Steps done when it happened. */
  step: number;
  /** Steps done at the snapshot, from which they are counted on. */
  resumed_step: number;
  /** The epoch under way at the snapshot, from 1, and its steps done and in all. */
  epoch: number;
  step_in_epoch: number;
  steps_per_epoch: number;
  /** What it goes on with. */
  engine: 'cpu' | 'gpu';
  device: string;
  /** Why on that. */
  reason: string;
  message: string;
}

export interface NoticeEvent {
  event: 'notice';
  message: string;
}

export interface HistoryEpoch {
  epoch: number;
  loss: number;
  accuracy: number;
  val_loss?: number;
  val_accuracy?: number;
  learning_rate: number;
  seconds: number;
}

export interface History {
  epochs: HistoryEpoch[];
  /** Of every step. */
  learning_rates: number[];
  /** What was changed by hand, in order. */
  events?: RateChange[];
  engine: string;
  device: string;
  build: string;
  seed: number;
  /** What broke the run off on the way: steps done then, steps that were done over, and why. */
  interruptions?: { step: number; repeated: number; message: string }[];
}

/** What a check of the arithmetic found: the same pictures through both engines, and the gradient against finite differences. */
export interface Numbers {
  pictures: number;
  cpu: string;
  gpu: string | null;
  no_gpu: string | null;
  loss: number;
  gpu_loss: number | null;
  layers: LayerNumbers[];
  gradients: GradientNumbers[];
  agrees: boolean;
}

/** One layer's output: its largest value, and the largest difference between the engines. */
export interface LayerNumbers {
  name: string;
  largest: number;
  difference: number | null;
  agrees: boolean;
}

/** One tensor's gradient: its length by the engine and by finite differences, and how far the GPU's lies from it. */
export interface GradientNumbers {
  name: string;
  gradient: number;
  finite_difference: number | null;
  difference: number | null;
  agrees: boolean;
}

/** What run a checkpoint belongs to. */
export interface CheckpointInfo {
  experiment: Experiment;
  /** Epochs done. */
  epoch: number;
  /** Steps done. */
  step: number;
  done: boolean;
}

/** Another learning rate by hand: from the step after `step` on. */
export interface RateChange {
  event: 'learning_rate';
  step: number;
  epoch: number;
  learning_rate: number;
}

/** A finished run to hand in; `convlab verify` runs it again. */
export interface Submission {
  format: string;
  version: string;
  student?: string;
  guess?: number;
  date: string;
  experiment: Experiment;
  data: { name: string; title: string; train: number; test: number; sha256: string };
  history: History;
  test: Omit<DoneEvent, 'event'>;
  weights_sha256: string;
  /** Markdown. */
  report: string;
}

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

/** How the layers fare at one moment of a run. */
export interface Health {
  step: number;
  /** The first so many training pictures were looked at. */
  pictures: number;
  layers: LayerHealth[];
}

/** Null where the layer has nothing to measure. */
export interface LayerHealth {
  weight_norm: number | null;
  gradient_norm: number | null;
  /** Of a ReLU's units, the share that is zero on every picture. */
  dead: number | null;
  /** Of a ReLU's outputs, the share that is zero. */
  zeros: number | null;
}

/** Gives the CPU engine lanes on other workers. */
export interface LanePool {
  /** All lanes, the engine's own among them: what `lanes_of` says. */
  readonly lanes: number;
  /** Starts a `LaneWorker` with these arguments on another worker. */
  spawn(experiment: Experiment, index: number, lanes: number, batch: number): Promise<LanePort>;
}

/** A `LaneWorker` on another worker. */
export interface LanePort {
  /** `LaneWorker.run` there. Requests are answered in order. */
  send(request: Uint8Array): Promise<Uint8Array>;
  /** The session needs it no longer. */
  close(): void;
}
