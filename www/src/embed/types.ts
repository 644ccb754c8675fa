/** The public types of the element. They do not expose the libraries it is made with. */
import type { EpochEvent, Evaluation, Experiment, History, Submission } from '../base/engine';
import type { RunState } from '../worker/protocol';

export type LabState = 'idle' | 'preparing' | RunState;

/** The names of the events and the type of their `detail`. */
export interface ConvlabEvents {
  'convlab-state': { state: LabState };
  'convlab-epoch': EpochEvent & { epochs: number };
  'convlab-done': Evaluation & { epochs: EpochEvent[]; guess: number | null; run: string };
  'convlab-error': { message: string };
}

/** `<conv-lab>`. Properties have the names of the attributes, which docs.html describes. */
export interface ConvLabElement extends HTMLElement {
  experiment: string;
  assignment: string;
  spec: Experiment | null;
  view: string;
  engine: string;
  data: string;
  epochs: string;
  batch: string;
  seed: string;
  train: string;
  test: string;
  compact: boolean;
  locked: boolean;
  guess: boolean;
  about: string;
  answers: Record<string, string | number | boolean> | null;
  theme: '' | 'light' | 'dark';
  labUrl: string;
  readonly state: LabState;
  start(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
  history(): Promise<History>;
  weights(): Promise<Uint8Array>;
  submission(): Promise<Submission>;
}
