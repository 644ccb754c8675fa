/** Assignments, and the check of a class, by the module of the tools. */

import { bytesOf } from '../base/bytes';
import type { Assigned, ClassCheck, ClassLine, Experiment, ReplayFailure, ReplayJob, Submission } from '../base/engine';
import { failureOf } from '../base/failure';
import { objectStore } from '../base/object-store';
import { presets } from './presets';
import type { Run } from './run';
import type { ToolBox } from './tools';

/** The most bytes of a submission, and of an archive of them (src/submission/handed.rs). */
const MOST_BYTES = 32 << 20;
const MOST_ARCHIVE_BYTES = 512 << 20;

/** A file with its path and the time at which it was last written, in milliseconds. */
export interface GivenSubmission {
  path: string;
  modified: number;
  file: Blob;
}

/** A verdict that this browser keeps, so that a check goes on in a later visit: a line of text of the module. */
interface KeptVerdict {
  key: string;
  line: string;
}

const transact = objectStore('convlab-verdicts', 'verdicts', 'key');

/** Whether a file begins as an archive: with a file in it, or with its end (`is_zip` in src/data/members.rs). */
async function isZip(file: Blob): Promise<boolean> {
  const start = String.fromCharCode(...(await bytesOf(file.slice(0, 4), 4)));
  return start === 'PK\x03\x04' || start === 'PK\x05\x06';
}

const documents = (): Experiment[] => presets.map(({ experiment }) => experiment);

export class Homework {
  #check: ClassCheck | null = null;
  /** One piece after another, since files are read in between. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private tools: ToolBox,
    private run: () => Run,
  ) {}

  /** An assignment as a card shows it; with a name, that of this student. */
  async assigned(text: string, student: string | null): Promise<Assigned> {
    return (await this.tools.get()).assigned(text, documents(), student ?? undefined);
  }

  /** Adds submissions, or archives of them. */
  add(files: GivenSubmission[]): Promise<void> {
    return this.#next(async () => {
      const check = await this.#open();
      for (const { path, modified, file } of files) {
        try {
          const bytes = await bytesOf(file, (await isZip(file)) ? MOST_ARCHIVE_BYTES : MOST_BYTES);
          check.add(path, Math.floor(modified / 1000), bytes);
        } catch (error) {
          check.refuse(path, failureOf(error).message);
        }
      }
    });
  }

  /** Judges what needs no replay, and returns the replays that the other files need. */
  plan(assignment: string): Promise<ReplayJob[]> {
    return this.#next(async () => (await this.#open()).plan(assignment, documents()));
  }

  settle(job: number, outcomes: (Submission | ReplayFailure)[]): Promise<void> {
    return this.#next(async () => {
      const lines = (await this.#open()).settle(job, outcomes).split('\n').filter(Boolean);
      for (const line of lines) {
        const kept: KeptVerdict = { key: JSON.parse(line).key, line };
        // A browser that stores nothing repeats the run in the next visit.
        await transact('readwrite', (store) => store.put(kept)).catch(() => undefined);
      }
    });
  }

  /** How many files of the last plan have their verdict from an earlier visit. */
  fromEarlier(): Promise<number> {
    return this.#next(async () => (await this.#open()).from_earlier());
  }

  /** Forgets the verdicts of earlier visits. */
  forget(): Promise<void> {
    return this.#next(async () => {
      await transact('readwrite', (store) => store.clear());
      (await this.#open()).recall('');
    });
  }

  lines(): Promise<ClassLine[]> {
    return this.#next(async () => (await this.#open()).lines());
  }

  submission(index: number): Promise<Submission | null> {
    return this.#next(async () => (await this.#open()).submission(index) ?? null);
  }

  csv(): Promise<string> {
    return this.#next(async () => (await this.#open()).csv());
  }

  html(): Promise<string> {
    return this.#next(async () => (await this.#open()).html());
  }

  /** The finished run without a report, or why it cannot be described. */
  async replay(): Promise<Submission | ReplayFailure> {
    try {
      const run = this.run();
      const { done } = run;
      if (!done) throw new Error('the replay did not complete');
      return await run.use((session) => session.submission(done));
    } catch (error) {
      const { message, kind } = failureOf(error);
      return { diverged: kind === 'diverged', message };
    }
  }

  async #open(): Promise<ClassCheck> {
    if (this.#check) return this.#check;
    const { ClassCheck } = await this.tools.get();
    const kept = await transact<KeptVerdict[]>('readonly', (store) => store.getAll()).catch(() => []);
    this.#check = new ClassCheck();
    this.#check.recall(kept.map(({ line }) => line).join('\n'));
    return this.#check;
  }

  #next<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(act);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
