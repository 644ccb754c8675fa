/** Downloads the files of a data set, a few at a time: a server often limits the speed of each, and each has its own delay. */
import { failureOf } from '../base/failure';
import { fetchFile, fileNameOf, verified } from './fetch';
import { mostBytes } from './limits';
import type { FileProblem, Progress, SetId, Source } from './protocol';
import { sideBySide } from './side-by-side';

type Report = (progress: Progress) => void;

/** A file with its name. */
export type Named = [name: string, file: Blob];

/** The most files at a time. */
const AT_ONCE = 4;

/** Downloads files from addresses. One that fails is a problem, and the others go on. */
export async function fetchEach(
  set: SetId,
  urls: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<{ files: Named[]; problems: FileProblem[] }> {
  const sum = new Sum(report, 0);
  const found = await sideBySide(urls, AT_ONCE, async (url): Promise<Named | FileProblem> => {
    const part = sum.part();
    try {
      return await fetchNamed(set, url, part.report, signal);
    } catch (error) {
      part.leave();
      return { file: url, ...failureOf(error) };
    }
  });
  const isFile = (one: Named | FileProblem): one is Named => Array.isArray(one);
  return { files: found.filter(isFile), problems: found.filter((one): one is FileProblem => !isFile(one)) };
}

/** Downloads all files of a source. The first failure ends the download of the others. */
export async function fetchSource(
  set: SetId,
  { files, bytes = 0 }: Source,
  report: Report,
  signal: AbortSignal,
): Promise<Named[]> {
  const all = new AbortController();
  const end = () => all.abort();
  signal.addEventListener('abort', end);
  const sum = new Sum(report, bytes);
  try {
    signal.throwIfAborted();
    return await sideBySide(files, AT_ONCE, async ({ url, sha256 }): Promise<Named> => {
      const [name, file] = await fetchNamed(set, url, sum.part().report, all.signal);
      return [name, sha256 ? await verified(url, file, sha256) : file];
    });
  } finally {
    signal.removeEventListener('abort', end);
    // After a failure the others are still under way.
    end();
  }
}

async function fetchNamed(set: SetId, url: string, report: Report, signal: AbortSignal): Promise<Named> {
  signal.throwIfAborted();
  const name = fileNameOf(url);
  return [name, await fetchFile(url, mostBytes(set, name), report, signal)];
}

/** The progress of several files as one. */
class Sum {
  /** By their parts, in the order in which they began. */
  readonly #files = new Map<symbol, Progress>();

  /** `expected` is the size of all files together, or 0 if it is not known. */
  constructor(
    private report: Report,
    private expected: number,
  ) {}

  /** One more file: what its progress is reported to, and what is called when it fails. */
  part(): { report: Report; leave(): void } {
    const key = Symbol('part');
    const report = (progress: Progress) => {
      this.#files.set(key, progress);
      this.report(this.#all());
    };
    return { report, leave: () => this.#files.delete(key) };
  }

  #all(): Progress {
    const begun = [...this.#files.values()];
    const under = begun.filter(({ done, total }) => total === 0 || done < total);
    const [first = begun.at(-1)] = under;
    const done = begun.reduce((sum, file) => sum + file.done, 0);
    const isKnown = begun.every(({ total }) => total > 0);
    const total = isKnown ? begun.reduce((sum, file) => sum + file.total, 0) : 0;
    return {
      phase: 'fetch',
      file: `${first?.file ?? ''}${under.length > 1 ? ', …' : ''}`,
      done,
      // A size that is stated too small is corrected by what comes.
      total: this.expected > 0 ? Math.max(this.expected, total, done) : total,
    };
  }
}
