/** One run as the page sees it: its state, log and results, and the actions on it. */
import type { Remote } from 'comlink';
import type {
  EngineChoice,
  EpochEvent,
  Evaluation,
  Experiment,
  History,
  InterruptedEvent,
  Prediction,
  RateChange,
  SessionInfo,
  StepEvent,
  TrainEvent,
} from '../base/engine';
import { loss, percent } from '../base/format';
import { RunLog } from '../base/history';
import type { Messages } from '../lab/messages';
import { Observable } from '../lab/observable';
import { newId } from '../lab/saved-run';
import { callback } from '../worker/client';
import type { LabWorker } from '../worker/lab-worker';
import {
  type GivenFile,
  type KeepAs,
  type RunMessage,
  type RunState,
  resultOf,
  type StartFrom,
} from '../worker/protocol';
import { ANNOUNCE, KEPT } from './text';
import { Stopwatch, secondsLeft } from './timing';

export type State = 'idle' | 'preparing' | RunState;

/** How often the texts of times are updated during training. Each update is a question to the busy worker and a rendering. */
const TIMES_EVERY_MS = 1000;

/** The members of the lab that a run needs. */
interface RunOwner {
  /** The title of the experiment that is about to run. */
  readonly title: string;
  /** Called when the run has finished, was stopped or failed, and when it has new test figures afterwards. */
  runEnded(): void;
}

export class LabRun extends Observable {
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
  evaluating = false;
  /** The test image whose prediction was asked for last. */
  #index = 0;
  /** What a screen reader announces: a sentence after each epoch and at the end. Those of one message are announced together. */
  announcement = '';
  #watch = new Stopwatch();
  /** Steps that were done before this visit, which do not count in its pace. */
  #before = 0;
  /** The worker has been asked to pause and has not answered yet. */
  #pausing = false;

  /** The time so far, and the time left, as text; empty while unknown. */
  time = '';
  timeLeft = '';
  /** When these were asked for last. */
  #toldTimes = 0;

  constructor(
    private worker: Remote<LabWorker>,
    private messages: Readonly<Messages>,
    private owner: RunOwner,
  ) {
    super();
  }

  get active(): boolean {
    return this.state === 'preparing' || this.state === 'running' || this.state === 'paused';
  }

  get seconds(): number {
    return this.#watch.seconds;
  }

  /** Asks for the texts of the time so far and of the time left; the last ones stay until then. */
  async #tellTimes(): Promise<void> {
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

  /** Share of the whole run that is done, 0 to 1. */
  get share(): number {
    if (this.state === 'done') return 1;
    return this.step ? this.step.step / this.step.total_steps : 0;
  }

  get lastEpoch(): EpochEvent | null {
    return this.log.epochs.at(-1) ?? null;
  }

  /**
   * The previous run stays as it is until the new one has been accepted. `prepare` returns the experiment once its data is ready,
   * or null after it has shown why that is not possible.
   */
  start(
    prepare: () => Promise<Experiment | null>,
    engine: EngineChoice,
    id: string,
    from: StartFrom,
    keep: Pick<KeepAs, 'title' | 'setup'> | null,
  ): Promise<boolean> {
    const go = () => this.worker.train();
    return this.#startWith(prepare, engine, go, id, from, keep);
  }

  /** Loads weights into a new run, which is paused before its first step, and evaluates them. */
  async startFrom(
    prepare: () => Promise<Experiment | null>,
    engine: EngineChoice,
    weights: GivenFile,
  ): Promise<boolean> {
    const started = await this.#startWith(prepare, engine, () => this.worker.train(true), newId(), weights);
    if (started) await this.evaluate();
    return started;
  }

  async #startWith(
    prepare: () => Promise<Experiment | null>,
    engine: EngineChoice,
    go: () => Promise<void>,
    id: string,
    from: StartFrom,
    keep: Pick<KeepAs, 'title' | 'setup'> | null = null,
  ): Promise<boolean> {
    const former = this.state;
    this.messages.clearErrors();
    this.#enter('preparing');
    try {
      const experiment = await prepare();
      if (experiment) {
        const title = this.owner.title;
        const log = new RunLog();
        // The last messages of the previous run may arrive late; they are ignored.
        const receive = (message: RunMessage) => this.log === log && this.#receive(message);
        const as = keep && { ...keep, id, experiment, engine };
        const info = await this.worker.start(experiment, engine, callback(receive), as, from);
        this.#begin(id, title, experiment, info, log);
        await go();
        return true;
      }
      this.#enter(former);
    } catch (error) {
      this.messages.failure(error, typeof from === 'object' ? from?.name : undefined);
      this.#enter(this.state === 'preparing' ? former : 'failed');
    }
    return false;
  }

  /** The state changes at once; the step in progress is completed and counts. */
  async pause(): Promise<void> {
    if (this.state !== 'running') return;
    this.#enter('paused');
    this.#pausing = true;
    await this.worker.pause();
  }

  async resume(): Promise<void> {
    this.#pausing = false;
    await this.worker.resume();
  }

  async stop(): Promise<void> {
    await this.worker.stop();
  }

  /** Trains one step, while paused. */
  async stepOnce(): Promise<void> {
    await this.messages.attempt(() => this.worker.step());
  }

  /** Takes effect from the next step on. */
  async setLearningRate(rate: number): Promise<void> {
    await this.messages.attempt(async () => {
      this.changes = [...this.changes, await this.worker.setLearningRate(rate)];
    });
    this.changed();
  }

  async evaluate(): Promise<void> {
    this.evaluating = true;
    this.changed();
    await this.messages.attempt(async () => {
      this.result = await this.worker.evaluate();
      if (!this.active) this.owner.runEnded();
      if (!this.prediction) this.prediction = await this.worker.predict('test', this.#index);
    });
    this.evaluating = false;
    this.changed();
  }

  async predict(index: number): Promise<void> {
    this.#index = index;
    await this.messages.attempt(async () => {
      this.prediction = await this.worker.predict('test', index);
    });
    this.changed();
  }

  #begin(id: string, title: string, experiment: Experiment, info: SessionInfo, log: RunLog): void {
    this.id = id;
    this.title = title;
    this.experiment = experiment;
    this.info = info;
    this.log = log;
    this.step = null;
    this.result = null;
    this.prediction = null;
    this.#index = 0;
    this.stoppedEarly = false;
    this.changes = [];
    this.announcement = '';
    this.#watch = new Stopwatch();
    this.#before = 0;
    this.#pausing = false;
    this.time = '';
    this.timeLeft = '';
    this.#enter('running');
  }

  #receive(message: RunMessage): void {
    if (message.type === 'earlier') {
      this.#earlier(message.history, message.steps);
      this.log.bestEpoch = message.bestEpoch;
      return;
    }
    if (message.type === 'events') {
      const sentences = message.events.map((event) => this.#take(event)).filter(Boolean);
      if (sentences.length > 0) this.announcement = sentences.join(' ');
      this.log.bestEpoch = message.bestEpoch;
      this.changed();
      if (performance.now() - this.#toldTimes >= TIMES_EVERY_MS) void this.#tellTimes();
      return;
    }
    if (message.type === 'not-kept') {
      this.messages.notice(KEPT.notKept(message.why));
      return;
    }
    // The worker sent this before it received the pause.
    if (this.#pausing && message.state === 'running') return;
    this.#pausing = false;
    if (message.error) this.messages.failure(message.error);
    this.#enter(message.state);
    void this.#tellTimes();
    if (!this.active) this.owner.runEnded();
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
        void this.predict(this.#index);
        return ANNOUNCE.done(percent(event.test_accuracy));
      case 'interrupted':
        this.#interrupted(event);
        break;
      case 'notice':
        this.messages.notice(event.message);
        break;
    }
    return '';
  }

  /** Restores what happened before this visit. */
  #earlier({ epochs, learning_rates, events = [], interruptions = [] }: History, steps: StepEvent[]): void {
    this.log.restore(epochs, steps, interruptions, this.info?.steps_per_epoch ?? 1);
    this.step = steps.at(-1) ?? null;
    this.changes = events;
    this.#before = learning_rates.length;
    this.changed();
  }

  /** The steps since the snapshot are repeated: the curve goes back to it, with a mark. */
  #interrupted(event: InterruptedEvent): void {
    this.log.interrupt(event);
    const { engine, device, reason } = event;
    if (this.info) this.info = { ...this.info, engine, device, reason };
    this.messages.notice(event.message);
  }

  #narrate(event: EpochEvent): string {
    const epochs = String(this.info?.epochs ?? '');
    const text = ANNOUNCE.epoch(String(event.epoch), epochs, loss(event.loss), percent(event.accuracy));
    if (event.val_loss === undefined || event.val_accuracy === undefined) return text;
    return text + ANNOUNCE.validation(loss(event.val_loss), percent(event.val_accuracy));
  }

  #enter(state: State): void {
    this.state = state;
    if (state === 'running') this.#watch.start();
    else this.#watch.stop();
    this.changed();
  }
}
