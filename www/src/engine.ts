/** The engine's types by name, from the declarations that are generated with it. Only the worker loads the code behind them. */
export type {
  CheckpointInfo,
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
  Preset,
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

import type { Dataset, DatasetLoader, LaneWorker, Session } from '../pkg/convlab.js';

/** The module itself; its two builds differ in speed only. */
export type Engine = typeof import('../pkg/convlab.js');
/** What does not train: a module of its own. */
export type Tools = typeof import('../pkg-tools/convlab.js');
export type EngineDataset = Dataset;
export type EngineDatasetLoader = DatasetLoader;
export type EngineLane = LaneWorker;
export type EngineSession = Session;

export type EngineChoice = 'auto' | 'cpu' | 'gpu';
export type Split = 'train' | 'test';
