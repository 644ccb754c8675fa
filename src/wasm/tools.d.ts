import type { DoneEvent, Experiment, History, HistoryEpoch, LayerSpec, Prediction, SessionInfo } from '../pkg/convlab.js';

/** What a cost sheet is asked with; what is not given is the experiment's, or not answered. */
export interface CostQuestion {
  batch?: number;
  images?: number;
  epochs?: number;
  clock_ghz?: number;
  cores?: number;
  ms_per_step?: number;
  ms_error?: number;
  gflops?: number;
  gb_per_s?: number;
  /** Cores of this device, for the CPU engine's memory. */
  device_cores?: number;
}

export interface LayerCost {
  name: string;
  type: string;
  output_shape: number[];
  output_formula: string | null;
  input_values: number;
  values: number;
  params: number;
  params_formula: string | null;
  macs: number;
  macs_formula: string | null;
}

/** A figure as two sources print it; `why` is empty where nobody differs. */
export interface SourceFigure {
  what: string;
  here: number;
  first: number | null;
  second: number | null;
  why: string;
}

export interface CostSheet {
  name: string;
  layers: LayerCost[];
  forward: { input_values: number; values: number; bytes: number };
  /** Bytes by the book: everything is kept until the step ends. */
  training: {
    batch: number;
    activations: number;
    activation_gradients: number;
    parameters: number;
    parameter_gradients: number;
    optimizer_slots: number;
    total: number;
  };
  /** The GPU engine's buffers, without the data set's images. */
  allocation: { bytes: number; largest_bytes: number; largest: string; grows_with_batch: boolean };
  /** The CPU engine's memory, without the data set's images. */
  cpu_allocation: { bytes: number; lanes: number };
  params: number;
  macs: number;
  training_macs: number;
  /** Of an epoch; null where the data set is not a known one. */
  images: number | null;
  epochs: number;
  sources: SourceFigure[];
}

export interface Cost {
  sheet: CostSheet;
  time: {
    by_clock: {
      clock_ghz: number;
      cores: number;
      images: number;
      epochs: number;
      seconds_per_image: number;
      forward_seconds: number;
      training_seconds: number;
    } | null;
    measured: {
      measured: { ms_per_step: number; error_ms: number; batch: number };
      steps_per_epoch: number;
      epoch_seconds: number;
      epoch_error: number;
      run_seconds: number;
      run_error: number;
    } | null;
    roofline: {
      rates: { gflops: number; gb_per_s: number };
      ridge: number;
      layers: { name: string; flops: number; bytes: number; ms: number; memory_bound: boolean }[];
      ms_per_step: number;
      images_per_s: number;
    } | null;
  };
}

/** A D × D convolution from M to N channels, whole and separated; multiplications are those of one output pixel. */
export interface Separable {
  d: number;
  m: number;
  n: number;
  standard: number;
  depthwise: number;
  pointwise: number;
  separable: number;
  ratio: number;
  standard_params: number;
  separable_params: number;
}

/** What follows from a confusion matrix. */
export interface Scores {
  classes: ClassScores[];
  /** The most frequent mistakes, most frequent first. */
  mistakes: Mistake[];
}

/** Null where the divisor is zero, so that the figure is undefined. */
export interface ClassScores {
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Images of the class. */
  support: number;
}

export interface Mistake {
  label: number;
  predicted: number;
  count: number;
}

/** A run of a run file; the tools check it. */
export interface RunFile extends History {
  experiment: Experiment;
  classes: string[];
  train_samples: number;
  validation_samples: number;
  test_samples: number;
  images_per_s?: number | null;
  test?: { test_loss: number; test_accuracy: number; test_top_5_accuracy: number; confusion: number[][] } | null;
}

/** Mean and sample standard deviation over runs that differ in their seeds. */
export interface Spread {
  mean: number;
  deviation: number;
}

/** A group of runs that differ in their seeds; null where a run lacks the figure. */
export interface ComparedGroup {
  test_accuracy: Spread | null;
  test_loss: Spread | null;
  merged_accuracy: Spread | null;
  /** Of each run that was validated. */
  overfitting: { epoch: number; epochs_after: number }[];
  best_val_loss: Spread | null;
  last_accuracy_gap: Spread | null;
  params: Spread | null;
  macs: Spread | null;
  training_macs: Spread | null;
  epochs: Spread | null;
  /** As text. */
  time: string | null;
  images_per_s: Spread | null;
}

export interface Comparison {
  groups: ComparedGroup[];
  /** How many classes the first run that merges classes has; null where none merges. */
  merged_classes: number | null;
}

/** An edit of a network's layers. */
export type LayerEdit =
  | { edit: 'add' | 'change'; at: number; layer: LayerSpec }
  | { edit: 'remove'; at: number }
  | { edit: 'move'; from: number; to: number };

/** Everything that a report tells; the engine counts the network itself. */
export interface ReportInput {
  experiment: Experiment;
  info: SessionInfo;
  data_title: string;
  /** The browser. */
  system: string;
  history: History;
  done: Omit<DoneEvent, 'event'>;
  /** The first test pictures: `(height, width, channels)`, 0 to 255. */
  samples: { pixels: number[]; prediction: Prediction }[];
}
