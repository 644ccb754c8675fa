/**
 * A worker of its own for sweeps and range tests, so that the run of the page stays as it is. It uses the build whose results are the
 * same on every processor.
 */
import type { Experiment } from '../base/engine';
import { SYNTHETIC } from '../base/synthetic';
import type { Lab } from '../lab/lab';
import { type Connection, callback, connect, type LabClient } from '../worker/client';
import { type FilesResult, keyOf, setOf } from '../worker/protocol';
import { SEARCH } from './text';

export class Trainer {
  #connection: Connection | null = null;
  #data = '';

  constructor(
    private lab: Lab,
    private onCrash: (why: string) => void,
  ) {
    // Nobody could end its training after that.
    lab.closed.addEventListener('abort', () => this.close(), { once: true });
  }

  /** The worker, with the data of an experiment. */
  async with(experiment: Experiment): Promise<LabClient> {
    const client = await this.#client();
    const { name, limit } = experiment.dataset;
    const set = setOf(experiment);
    const isDrawn = name.startsWith('synthetic_');
    const key = isDrawn ? `${name} ${limit?.train} ${limit?.test}` : keyOf(set);
    if (key === this.#data) return client;
    const quiet = callback(() => undefined);
    if (isDrawn) {
      const [train, test] = [limit?.train ?? SYNTHETIC.train, limit?.test ?? SYNTHETIC.test];
      await client.synthetic(name, SYNTHETIC.seed, train, test, quiet);
    } else {
      const files = this.lab.data.site.files[name] ?? [];
      const kept: FilesResult | null = await client.recall(set, quiet);
      const found = kept?.info ? kept : files.length > 0 ? await client.fetchFiles(set, files, quiet) : null;
      if (!found?.info) throw new Error(found?.problems[0]?.message ?? SEARCH.noData(name));
    }
    this.#data = key;
    return client;
  }

  /** Reads documents and results, which needs no data. */
  async #client(): Promise<LabClient> {
    if (this.#connection) return this.#connection.client;
    this.lab.closed.throwIfAborted();
    this.#connection = connect((why) => {
      this.close();
      this.onCrash(why);
    });
    await this.#connection.client.boot(true);
    return this.#connection.client;
  }

  get client(): LabClient | null {
    return this.#connection?.client ?? null;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#data = '';
  }
}
