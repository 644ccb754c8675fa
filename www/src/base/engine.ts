/** The engine's types, from the generated declarations. Only the worker loads the code itself. */
export type {
  CheckpointInfo,
  DatasetHead,
  DatasetInfo,
  DoneEvent,
  EpochEvent,
  Evaluation,
  Experiment,
  Health,
  History,
  HistoryEpoch,
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
export type {
  ClassScores,
  ComparedGroup,
  Comparison,
  Cost,
  CostQuestion,
  CostSheet,
  LayerCost,
  LayerEdit,
  ReportInput,
  RunFile,
  Scores,
  Separable,
  SourceFigure,
  Spread,
} from '../../pkg-tools/convlab.js';

import type { Dataset, Experiment, LaneWorker, Session } from '../../pkg/convlab.js';
import type { DatasetLoader } from '../../pkg-files/convlab.js';

/** A built-in experiment. */
export interface Preset {
  id: string;
  title: string;
  /** Markdown. */
  text: string;
  /** False for a network whose costs are counted but which is not trained. */
  trainable: boolean;
  experiment: Experiment;
}

/** The engine's module. Its builds have the same interface. */
export type Engine = typeof import('../../pkg/convlab.js');
/** Cost sheets, reports and scripts, in a module of their own. */
export type Tools = typeof import('../../pkg-tools/convlab.js');
export type EngineDataset = Dataset;
export type FileLoader = DatasetLoader;
export type EngineLane = LaneWorker;
export type EngineSession = Session;

export type EngineChoice = 'auto' | 'cpu' | 'gpu';
export type Split = 'train' | 'test';
