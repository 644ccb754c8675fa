/** The worker's data sets: reads files, holds the decoded set, and returns its images. */
import type { DatasetInfo, Engine, EngineDataset, Split } from '../base/engine';
import { failureOf } from '../base/failure';
import { Assembly } from './assembly';
import type { DecodedSet } from './decoder';
import { type Downloaded, type FilesResult, keyOf, noFiles, type Progress, type SetId, type Source } from './protocol';
import { sideBySide } from './side-by-side';
import { loadFiles, saveFiles, storageProblem } from './storage';

type Report = (progress: Progress) => void;

export class DataStore {
  #engine: Engine;
  #assembly: Assembly | null = null;
  /** Drops are read one after another. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Called with a set that is no longer needed here. A run may still use it. */
  #release: (dataset: EngineDataset) => void;
  /** Sets that the browser could not store. They stay in memory, because they could not be loaded again. */
  #notKept = new Map<string, EngineDataset>();
  current: EngineDataset | null = null;
  /** Ends the download that is under way. */
  #abort: AbortController | null = null;

  constructor(engine: Engine, release: (dataset: EngineDataset) => void) {
    this.#engine = engine;
    this.#release = release;
  }

  /** Moves the sets to another engine, because each engine has a memory of its own. A run keeps the set that it uses. */
  adopt(engine: Engine): void {
    this.#engine = engine;
    const { current } = this;
    const moved = new Map(
      [...this.#notKept.values(), ...(current ? [current] : [])].map((set) => [set, copyOf(set, engine)]),
    );
    const formerSets = [...moved.keys()];
    for (const [key, dataset] of this.#notKept) this.#notKept.set(key, moved.get(dataset) ?? dataset);
    if (current) this.current = moved.get(current) ?? null;
    for (const dataset of formerSets) this.#release(dataset);
  }

  addFiles(set: SetId, files: Iterable<[string, Blob]>, report: Report, keep: boolean): Promise<FilesResult> {
    const result = this.#queue.then(() => this.#read(set, files, report, keep));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #read(set: SetId, files: Iterable<[string, Blob]>, report: Report, keep: boolean): Promise<FilesResult> {
    const assembly = this.#assemblyFor(set);
    try {
      return await this.#assemble(assembly, [...files], report, keep);
    } catch (error) {
      // A decoder that has failed would fail for every later file, too.
      if (this.#assembly === assembly) {
        this.#assembly = null;
        assembly.close();
      }
      throw error;
    }
  }

  async #assemble(assembly: Assembly, given: [string, Blob][], report: Report, keep: boolean): Promise<FilesResult> {
    const result = noFiles();
    const { dataBytes } = await import('./limits');
    const read = await sideBySide(given, assembly.width, async ([file, blob]) => {
      try {
        report({ phase: 'read', file, done: 0, total: blob.size });
        const bytes = await dataBytes(assembly.set, file, blob);
        return await assembly.add(file, bytes, (done, total) => report({ phase: 'decode', file, done, total }));
      } catch (error) {
        return failureOf(error);
      }
    });
    for (const [i, [file, blob]] of given.entries()) {
      const found = read[i];
      if (found && 'as' in found) {
        assembly.blobs.set(file, blob);
        result.recognised.push({ file, as: found.as });
      } else if (found) result.problems.push({ file, ...found });
    }
    for (const { path, reason } of await assembly.leftOut()) {
      result.problems.push({ file: path, name: '', message: `${path}: ${reason}` });
    }
    result.missing = await assembly.missing();
    if (result.missing.length > 0 || result.recognised.length === 0) return result;
    await this.#complete(assembly, result, report, keep);
    return result;
  }

  async fetchFiles(set: SetId, urls: string[], report: Report): Promise<Downloaded> {
    const { signal } = this.#abortable();
    const { fetchEach } = await import('./downloads');
    const { files, problems } = await fetchEach(set, urls, report, signal);
    if (signal.aborted) return { ...noFiles(), cancelled: true };
    const result = await this.addFiles(set, files, report, true);
    return { ...result, problems: [...problems, ...result.problems] };
  }

  /** Downloads a set from the first source that has all of its files; otherwise says why each failed. */
  async fetchSources(set: SetId, sources: Source[], report: Report): Promise<Downloaded> {
    const { signal } = this.#abortable();
    const { fetchSource } = await import('./downloads');
    const failures: string[] = [];
    for (const source of sources) {
      try {
        const files = await fetchSource(set, source, report, signal);
        return await this.addFiles(set, files, report, true);
      } catch (error) {
        if (signal.aborted) return { ...noFiles(), cancelled: true };
        failures.push(failureOf(error).message);
      }
    }
    return { ...noFiles(), failures };
  }

  #abortable(): AbortController {
    this.#abort = new AbortController();
    return this.#abort;
  }

  cancelFetch(): void {
    this.#abort?.abort();
  }

  /** Returns a set from memory or decodes its stored files; null if there are neither. */
  async recall(set: SetId, report: Report): Promise<FilesResult | null> {
    const dataset = this.#notKept.get(keyOf(set));
    if (dataset) return { ...noFiles(), info: this.#show(dataset) };
    const files = await loadFiles(set.name);
    return files && this.addFiles(set, files, report, false);
  }

  synthetic(name: string, seed: number, train: number, test: number, report: Report): DatasetInfo {
    const dataset = this.#engine.Dataset.synthetic(name, seed, train, test, (done, total) =>
      report({ phase: 'generate', file: name, done, total }),
    );
    return this.#show(dataset);
  }

  async #complete(assembly: Assembly, result: FilesResult, report: Report, keep: boolean): Promise<void> {
    this.#assembly = null;
    const { set, blobs } = assembly;
    const decoded = await assembly.finish().finally(() => assembly.close());
    if (!('head' in decoded)) {
      result.problems.push({ file: [...blobs.keys()].join(', '), ...decoded });
      return;
    }
    const dataset = this.#take(decoded);
    result.info = this.#show(dataset);
    if (!keep) return;
    const total = [...blobs.values()].reduce((sum, blob) => sum + blob.size, 0);
    report({ phase: 'store', file: set.name, done: 0, total });
    try {
      await saveFiles(set.name, blobs);
      this.#notKept.delete(keyOf(set));
    } catch (error) {
      result.notKept = storageProblem(error);
      this.#notKept.set(keyOf(set), dataset);
    }
  }

  #assemblyFor(set: SetId): Assembly {
    if (this.#assembly && keyOf(this.#assembly.set) === keyOf(set)) return this.#assembly;
    this.#assembly?.close();
    this.#assembly = new Assembly(set);
    return this.#assembly;
  }

  #take({ head, train, test }: DecodedSet): EngineDataset {
    return new this.#engine.Dataset(head, train.pixels, train.labels, test.pixels, test.labels);
  }

  #show(dataset: EngineDataset): DatasetInfo {
    const former = this.current;
    this.current = dataset;
    if (former && former !== dataset) this.#release(former);
    return dataset.info();
  }

  /** Whether a set is still needed here. */
  holds(dataset: EngineDataset): boolean {
    return dataset === this.current || [...this.#notKept.values()].includes(dataset);
  }
}

export interface Images {
  pixels: Uint8Array;
  labels: Uint8Array;
}

export function images(dataset: EngineDataset, split: Split, indices: number[]): Images {
  const at = Uint32Array.from(indices);
  return { pixels: dataset.images(split, at), labels: dataset.labels(split, at) };
}

/** The number of images from which the distribution of a set's pixel values is estimated. */
const SAMPLED_IMAGES = 2000;

export interface PixelCounts {
  images: number;
  /** The count of each value from 0 to 255. */
  counts: Uint32Array;
}

/** Counts the pixel values of the first training images. */
export function pixelCounts(dataset: EngineDataset): PixelCounts {
  const images = Math.min(SAMPLED_IMAGES, dataset.info().train);
  const counts = new Uint32Array(256);
  const pixels = dataset.images(
    'train',
    Uint32Array.from({ length: images }, (_, i) => i),
  );
  for (const value of pixels) counts[value] = (counts[value] ?? 0) + 1;
  return { images, counts };
}

/** The set as one NumPy archive. */
export async function npz(dataset: EngineDataset): Promise<Uint8Array> {
  return (await import('./archive')).npzOf(partsOf(dataset));
}

/** All parts of a set, copied out of the engine's memory. */
function partsOf(dataset: EngineDataset): DecodedSet {
  const { name, title, classes, height, width, channels, train, validation, test } = dataset.info();
  const all = (split: Split, count: number) =>
    images(
      dataset,
      split,
      Array.from({ length: count }, (_, i) => i),
    );
  const head = { name, title, classes, size: [height, width, channels] as [number, number, number], validation };
  return { head, train: all('train', train + validation), test: all('test', test) };
}

function copyOf(dataset: EngineDataset, engine: Engine): EngineDataset {
  const { head, train, test } = partsOf(dataset);
  return new engine.Dataset(head, train.pixels, train.labels, test.pixels, test.labels);
}
