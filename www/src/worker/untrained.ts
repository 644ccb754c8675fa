/** The network of an experiment before its training. It answers the questions about its inside that a run answers. */
import type { EngineDataset, EngineSession } from '../base/engine';

/** What can be looked into: a run, or a network that has not been trained. */
export interface Inspected {
  readonly dataset: EngineDataset;
  use<T>(act: (session: EngineSession) => T | Promise<T>): Promise<T>;
}

export class Untrained implements Inspected {
  /** The session can execute one call at a time, so each call waits for the previous one. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private session: EngineSession,
    readonly dataset: EngineDataset,
  ) {}

  use<T>(act: (session: EngineSession) => T | Promise<T>): Promise<T> {
    const result = this.#queue.then(() => act(this.session));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Frees the network after the calls under way. Later calls are refused by the engine. */
  close(): Promise<void> {
    return this.use((session) => session.free());
  }
}
