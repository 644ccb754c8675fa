/** The record of one run: its state, log and results, as the worker reports them. */
import type {
  EpochEvent,
  Evaluation,
  Experiment,
  History,
  Prediction,
  RateChange,
  SessionInfo,
  StepEvent,
  TrainEvent,
} from '../base/engine';
import { loss, percent } from '../base/format';
import { RunLog } from '../base/history';
import { Observable } from '../lab/observable';
import { type RunState, resultOf, type TextQuestion } from '../worker/protocol';
import { ANNOUNCE } from './text';
import { Stopwatch, secondsLeft } from './timing';

export type State = 'idle' | 'preparing' | RunState;

/** How often the texts of times are updated during training. Each update is a question to the busy worker and a rendering. */
const TIMES_EVERY_MS = 1000;

/** The member of the worker that writes texts. */
interface Writer {
  texts(questions: TextQuestion[]): Promise<string[]>;
}

export abstract class RunRecord extends Observable {
  /** Identifies the run among the stored ones. */
  id = '';
  state: State = 'idle';
  experiment: Experiment | null = null;
  /** The title of the run's experiment; the page may show another experiment by the time the run ends. */
  title = '';
  info: SessionInfo | null = null;
  log = new RunLog();
  step: StepEvent | null = null;
  result: Evaluation | null = null;
  prediction: Prediction | null = null;
  stoppedEarly = false;
  /** Changes of the learning rate during the run. */
  changes: readonly RateChange[] = [];
  /** What a screen reader announces: a sentence after each epoch and at the end. Those of one message are announced together. */
  announcement = '';
  /** The time so far, and the time left, as text; empty while unknown. */
  time = '';
  timeLeft = '';
  /** When these were asked for last. */
  #toldTimes = 0;
  #watch = new Stopwatch();
  /** Steps that were done before this visit, which do not count in its pace. */
  #before = 0;
  protected abstract worker: Writer;

  get active(): boolean {
    return this.state === 'preparing' || this.state === 'running' || this.state === 'paused';
  }

  get seconds(): number {
    return this.#watch.seconds;
  }

  /** Share of the whole run that is done, 0 to 1. */
  get share(): number {
    if (this.state === 'done') return 1;
    return this.step ? this.step.step / this.step.total_steps : 0;
  }

  get lastEpoch(): EpochEvent | null {
    return this.log.epochs.at(-1) ?? null;
  }

  protected begin(id: string, title: string, experiment: Experiment, info: SessionInfo, log: RunLog): void {
    this.id = id;
    this.title = title;
    this.experiment = experiment;
    this.info = info;
    this.log = log;
    this.step = null;
    this.result = null;
    this.prediction = null;
    this.stoppedEarly = false;
    this.changes = [];
    this.announcement = '';
    this.#watch = new Stopwatch();
    this.#before = 0;
    this.time = '';
    this.timeLeft = '';
    this.enter('running');
  }

  protected enter(state: State): void {
    this.state = state;
    if (state === 'running') this.#watch.start();
    else this.#watch.stop();
    this.changed();
  }

  /** Restores what happened before this visit. */
  protected restore(history: History, steps: StepEvent[], bestEpoch: number | null): void {
    const { epochs, learning_rates, events = [], interruptions = [] } = history;
    this.log.restore(epochs, steps, interruptions, this.info?.steps_per_epoch ?? 1);
    this.step = steps.at(-1) ?? null;
    this.log.bestEpoch = bestEpoch;
    this.changes = events;
    this.#before = learning_rates.length;
    this.changed();
  }

  /** Takes events that the worker sent together. */
  protected take(events: TrainEvent[], bestEpoch: number | null): void {
    const sentences = events.map((event) => this.#take(event)).filter(Boolean);
    if (sentences.length > 0) this.announcement = sentences.join(' ');
    this.log.bestEpoch = bestEpoch;
    this.changed();
    if (performance.now() - this.#toldTimes >= TIMES_EVERY_MS) void this.tellTimes();
  }

  /** Asks for the texts of the time so far and of the time left; the last ones stay until then. */
  protected async tellTimes(): Promise<void> {
    this.#toldTimes = performance.now();
    const { log, step, seconds } = this;
    const left = step ? secondsLeft(seconds, step.step - this.#before, step.total_steps - this.#before) : null;
    const duration = (of: number) => ({ kind: 'duration', of }) as const;
    const [time = '', timeLeft = ''] = await this.worker.texts([seconds, left ?? Number.NaN].map(duration));
    if (log !== this.log) return;
    this.time = time;
    this.timeLeft = left === null ? '' : timeLeft;
    this.changed();
  }

  /** Takes an event; returns the sentence that announces it, or an empty one. */
  #take(event: TrainEvent): string {
    switch (event.event) {
      case 'step':
        this.step = event;
        this.log.addStep(event);
        break;
      case 'epoch':
        this.log.addEpoch(event);
        return this.#narrate(event);
      case 'done':
        this.result = resultOf(event);
        this.stoppedEarly = event.stopped_early;
        return ANNOUNCE.done(percent(event.test_accuracy));
      case 'interrupted': {
        // The steps since the snapshot are repeated: the curve goes back to it, with a mark.
        this.log.interrupt(event);
        const { engine, device, reason } = event;
        if (this.info) this.info = { ...this.info, engine, device, reason };
        break;
      }
    }
    return '';
  }

  #narrate(event: EpochEvent): string {
    const epochs = String(this.info?.epochs ?? '');
    const text = ANNOUNCE.epoch(String(event.epoch), epochs, loss(event.loss), percent(event.accuracy));
    if (event.val_loss === undefined || event.val_accuracy === undefined) return text;
    return text + ANNOUNCE.validation(loss(event.val_loss), percent(event.val_accuracy));
  }
}
