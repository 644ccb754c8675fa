/** What is asked of data sets: reading, storing and fetching them, and their images. */
import * as Comlink from 'comlink';
import type { DatasetInfo, Engine, EngineDataset, Experiment, SessionInfo, Split } from '../base/engine';
import { type DataStore, type Images, images, npz, type PixelCounts, pixelCounts } from './data';
import { siteData } from './fetch';
import type { Downloaded, FilesResult, Progress, SetId, SiteData, Source, StoredSet } from './protocol';
import { RunQuestions } from './run-questions';
import { forget, listStored } from './storage';

type OnProgress = ((progress: Progress) => void) & Comlink.ProxyMarked;

export abstract class DataQuestions extends RunQuestions {
  protected data!: DataStore;
  /** Counts the calls that begin or end looking into an untrained network. */
  #inspections = 0;

  /** What does not depend on the vocabulary. */
  protected get engine(): Engine {
    return this.engines.current.engine;
  }

  /** Files with their paths below the folder that was dropped. */
  addFiles(set: SetId, files: [path: string, file: Blob][], onProgress: OnProgress): Promise<FilesResult> {
    return this.data.addFiles(set, files, this.#throttle(onProgress), true);
  }

  fetchFiles(set: SetId, urls: string[], onProgress: OnProgress): Promise<Downloaded> {
    return this.data.fetchFiles(set, urls, this.#throttle(onProgress));
  }

  /** The result, or why each source failed. */
  fetchSources(set: SetId, sources: Source[], onProgress: OnProgress): Promise<Downloaded> {
    return this.data.fetchSources(set, sources, this.#throttle(onProgress));
  }

  cancelFetch(): void {
    this.data.cancelFetch();
  }

  recall(set: SetId, onProgress: OnProgress): Promise<FilesResult | null> {
    return this.data.recall(set, this.#throttle(onProgress));
  }

  synthetic(name: string, seed: number, train: number, test: number, onProgress: OnProgress): DatasetInfo {
    return this.data.synthetic(name, seed, train, test, this.#throttle(onProgress));
  }

  stored(): Promise<StoredSet[]> {
    return listStored();
  }

  forget(name: string): Promise<void> {
    return forget(name);
  }

  siteData(base: string): Promise<SiteData> {
    return siteData(base);
  }

  /** Images of the current set, of the set that the run trains on, or of that of the network that is looked into. */
  images(of: 'data' | 'run' | 'inspected', split: Split, indices: number[]): Images {
    const dataset = of === 'data' ? this.current : (of === 'run' ? this.must() : this.inspected()).dataset;
    const result = images(dataset, split, indices);
    return Comlink.transfer(result, [result.pixels.buffer as ArrayBuffer, result.labels.buffer as ArrayBuffer]);
  }

  /** The current set as one NumPy archive. */
  async npz(): Promise<Uint8Array> {
    const bytes = await npz(this.current);
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  /** The pixels of an image file in the wanted size, red, green and blue, as a data set would have them; null if they cannot be read. */
  async imagePixels(
    name: string,
    bytes: Uint8Array,
    size: [height: number, width: number],
  ): Promise<Uint8Array | null> {
    const pixels = await (await import('./trial')).imagePixels(name, bytes, size);
    return pixels && Comlink.transfer(pixels, [pixels.buffer as ArrayBuffer]);
  }

  /** Whether files would make a complete set. They are decoded to find out. */
  async wouldFit(set: SetId, files: [path: string, file: Blob][]): Promise<boolean> {
    return (await import('./trial')).wouldFit(set, files);
  }

  pixelCounts(): PixelCounts {
    return pixelCounts(this.current);
  }

  /** Training images of the current set with an experiment's augmentation, as in the given epoch. */
  async augmented(experiment: Experiment, epoch: number, indices: number[]): Promise<Uint8Array> {
    const at = Uint32Array.from(indices);
    const pixels = await this.engines.ask(() => this.current.augmented(experiment, epoch, at));
    return Comlink.transfer(pixels, [pixels.buffer as ArrayBuffer]);
  }

  /**
   * Makes the network of an experiment as it is before its training, on the current set. Questions about the inside are then about this
   * network, until `endInspection`.
   */
  async inspect(experiment: Experiment): Promise<SessionInfo> {
    this.#inspections += 1;
    const inspection = this.#inspections;
    const { Untrained } = await import('./untrained');
    let dataset = this.current;
    const session = await this.engines.ask((engine) => {
      dataset = this.current;
      return engine.Session.create(experiment, dataset, { engine: 'cpu' }, undefined);
    });
    const info = session.info();
    // A run, another experiment or another set may have come meanwhile; the page then asks again.
    if (inspection !== this.#inspections || dataset !== this.data.current) session.free();
    else {
      this.#leave();
      this.beforeRun = new Untrained(session, dataset);
    }
    return info;
  }

  endInspection(): void {
    this.#inspections += 1;
    this.#leave();
  }

  #leave(): void {
    const { beforeRun } = this;
    this.beforeRun = null;
    if (!beforeRun) return;
    void beforeRun.close();
    this.release(beforeRun.dataset);
  }

  /** Frees a set that is not used any more. */
  protected abstract release(dataset: EngineDataset): void;

  protected get current(): EngineDataset {
    const { current } = this.data;
    if (!current) throw new Error('There is no data set yet.');
    return current;
  }

  /** Reports progress at most ten times a second, and always the end of a file. */
  #throttle(onProgress: OnProgress): (progress: Progress) => void {
    let last = 0;
    return (progress) => {
      const now = performance.now();
      if (now - last < 100 && (progress.total === 0 || progress.done < progress.total)) return;
      last = now;
      onProgress(progress);
    };
  }
}
