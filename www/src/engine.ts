/** The engine's types by name, from the declarations that are generated with it. Only the worker loads the code behind them. */
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
} from '../pkg/convlab.js';
export type {
  Cost,
  CostQuestion,
  CostSheet,
  LayerCost,
  ReportInput,
  Separable,
  SourceFigure,
} from '../pkg-tools/convlab.js';

import type { Dataset, Experiment, LaneWorker, Session } from '../pkg/convlab.js';
import type { DatasetLoader } from '../pkg-files/convlab.js';

/** A built-in experiment. */
export interface Preset {
  id: string;
  title: string;
  /** Markdown. */
  text: string;
  /** False where there is nothing to train, only to count. */
  trainable: boolean;
  experiment: Experiment;
}

/** The module itself; its two builds differ in speed only. */
export type Engine = typeof import('../pkg/convlab.js');
/** What does not train: a module of its own. */
export type Tools = typeof import('../pkg-tools/convlab.js');
export type EngineDataset = Dataset;
export type FileLoader = DatasetLoader;
export type EngineLane = LaneWorker;
export type EngineSession = Session;

export type EngineChoice = 'auto' | 'cpu' | 'gpu';
export type Split = 'train' | 'test';
