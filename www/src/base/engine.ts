/** The engine's types, from the generated declarations. Only the worker loads the code itself. */

export type {
  CheckpointInfo,
  Curves,
  DatasetHead,
  DatasetInfo,
  DoneEvent,
  EpochEvent,
  Evaluation,
  Experiment,
  Health,
  History,
  HistoryEpoch,
  ImageSource,
  InterruptedEvent,
  LanePool,
  LanePort,
  LayerHealth,
  LayerSpec,
  LayerSummary,
  Numbers,
  Prediction,
  RateChange,
  SessionInfo,
  StepEvent,
  Submission,
  Summary,
  TrainEvent,
} from '../../pkg/convlab.js';
export type { ImportedHead, Matched, Unsupported } from '../../pkg-import/convlab.js';
export type {
  Assigned,
  AssignmentDocument,
  Award,
  ClassEntry,
  ClassLine,
  ClassScores,
  ComparedGroup,
  Comparison,
  ComparisonInput,
  Cost,
  CostQuestion,
  CostSheet,
  LayerCost,
  LayerEdit,
  Question,
  RangeTest,
  ReplayFailure,
  ReplayJob,
  ReportInput,
  RunFile,
  Scores,
  Separable,
  SourceFigure,
  Spread,
  Sweep,
  SweepConfiguration,
  SweepOutcome,
  SweepPlan,
  SweepResults,
  SweepRun,
  SweepStatus,
  TimeFigure,
  Verdict,
  Written,
} from '../../pkg-tools/convlab.js';

import type { Dataset, Experiment, LaneWorker, Session } from '../../pkg/convlab.js';
import type { DatasetLoader } from '../../pkg-files/convlab.js';

/** A built-in experiment. */
export interface Preset extends PresetHead {
  /** Markdown. */
  text: string;
  experiment: Experiment;
}

/** What a list of the built-in experiments shows. */
export interface PresetHead {
  id: string;
  title: string;
  /** The name of its data set. */
  dataset: string;
  /** The groups that it merges the classes of its data set into. */
  merge_classes?: number[][];
  /** False for a network whose costs are counted but which is not trained. */
  trainable: boolean;
}

/** The engine's module. Its builds have the same interface. */
export type Engine = typeof import('../../pkg/convlab.js');
/** The engine with the extended vocabulary, which has more functions. */
export type ExtendedEngine = Engine &
  Pick<typeof import('../../pkg-extended/convlab.js'), 'gradients' | 'input_gradient'>;
/** Cost sheets, reports and scripts, in a module of their own. */
export type Tools = typeof import('../../pkg-tools/convlab.js');
/** Files of other programs' models, in a module of their own. */
export type Formats = typeof import('../../pkg-import/convlab.js');
/** What an experiment can be exported as: a script beside its weights, a notebook without them, or one file with them. */
export type ScriptKind = 'keras' | 'pytorch' | 'notebook';
export type ModelKind = 'keras-model' | 'onnx' | 'pytorch-weights';
export type EngineDataset = Dataset;
export type FileLoader = DatasetLoader;
export type EngineLane = LaneWorker;
export type EngineSession = Session;
export type ClassCheck = Tools['ClassCheck']['prototype'];

export type EngineChoice = 'auto' | 'cpu' | 'gpu';
export type Split = 'train' | 'test';
