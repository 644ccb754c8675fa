/** One run as the page sees it: its record, and the actions on it. */
import type { Remote } from 'comlink';
import type { EngineChoice, Experiment, TrainEvent } from '../base/engine';
import { RunLog } from '../base/history';
import type { Messages } from '../lab/messages';
import { newId } from '../lab/saved-run';
import { callback } from '../worker/client';
import type { LabWorker } from '../worker/lab-worker';
import type { GivenFile, KeepAs, RunMessage, StartFrom } from '../worker/protocol';
import { RunRecord } from './record';
import { KEPT } from './text';

export type { State } from './record';

/** The members of the lab that a run needs. */
interface RunOwner {
  /** The title of the experiment that is about to run. */
  readonly title: string;
  /** Called when the run has finished, was stopped or failed, and when it has new test figures afterwards. */
  runEnded(): void;
}

export class LabRun extends RunRecord {
  evaluating = false;
  /** The test image whose prediction was asked for last. */
  #index = 0;
  /** The worker has been asked to pause and has not answered yet. */
  #pausing = false;

  constructor(
    protected worker: Remote<LabWorker>,
    private messages: Readonly<Messages>,
    private owner: RunOwner,
  ) {
    super();
  }

  /**
   * The previous run stays as it is until the new one has been accepted. `prepare` returns the experiment once its data is ready,
   * or null after it has shown why that is not possible. With `isPaused` the run waits before its first step.
   */
  async start(
    prepare: () => Promise<Experiment | null>,
    engine: EngineChoice,
    id: string,
    from: StartFrom,
    keep: Pick<KeepAs, 'title' | 'setup'> | null,
    isPaused = false,
  ): Promise<boolean> {
    const former = this.state;
    this.messages.clearErrors();
    this.enter('preparing');
    try {
      const experiment = await prepare();
      if (experiment) {
        const title = this.owner.title;
        const log = new RunLog();
        // The last messages of the previous run may arrive late; they are ignored.
        const receive = (message: RunMessage) => this.log === log && this.#receive(message);
        const as = keep && { ...keep, id, experiment, engine };
        const info = await this.worker.start(experiment, engine, callback(receive), as, from);
        this.#index = 0;
        this.#pausing = false;
        this.begin(id, title, experiment, info, log);
        await this.worker.train(isPaused);
        return true;
      }
      this.enter(former);
    } catch (error) {
      this.messages.failure(error, typeof from === 'object' ? from?.name : undefined);
      this.enter(this.state === 'preparing' ? former : 'failed');
    }
    return false;
  }

  /** Loads weights into a new run, which is paused before its first step, and evaluates them. */
  async startFrom(
    prepare: () => Promise<Experiment | null>,
    engine: EngineChoice,
    weights: GivenFile,
  ): Promise<boolean> {
    const started = await this.start(prepare, engine, newId(), weights, null, true);
    if (started) await this.evaluate();
    return started;
  }

  /** The state changes at once; the step in progress is completed and counts. */
  async pause(): Promise<void> {
    if (this.state !== 'running') return;
    this.enter('paused');
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

  #receive(message: RunMessage): void {
    if (message.type === 'earlier') {
      this.restore(message.history, message.steps, message.bestEpoch);
      return;
    }
    if (message.type === 'events') {
      this.take(message.events, message.bestEpoch);
      for (const event of message.events) this.#follow(event);
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
    this.enter(message.state);
    void this.tellTimes();
    if (!this.active) this.owner.runEnded();
  }

  #follow(event: TrainEvent): void {
    if (event.event === 'done') void this.predict(this.#index);
    else if (event.event === 'notice' || event.event === 'interrupted') this.messages.notice(event.message);
  }
}
