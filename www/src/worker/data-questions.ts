/** What is asked of data sets: reading, storing and fetching them, and their images. */
import * as Comlink from 'comlink';
import type { DatasetInfo, Engine, EngineDataset, Experiment, Split } from '../base/engine';
import { type DataStore, type Images, images, npz, type PixelCounts, pixelCounts } from './data';
import { siteData } from './fetch';
import type { Downloaded, FilesResult, Progress, SetId, ShownProgress, SiteData, Source, StoredSet } from './protocol';
import { RunQuestions } from './run-questions';
import { forget, listStored } from './storage';

type OnProgress = ((progress: ShownProgress) => void) & Comlink.ProxyMarked;

export abstract class DataQuestions extends RunQuestions {
  protected data!: DataStore;

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

  /** Images of the current set, or of the set that the run trains on. */
  images(of: 'data' | 'run', split: Split, indices: number[]): Images {
    const dataset = of === 'run' ? this.must().dataset : this.current;
    const result = images(dataset, split, indices);
    return Comlink.transfer(result, [result.pixels.buffer as ArrayBuffer, result.labels.buffer as ArrayBuffer]);
  }

  /** The current set as one NumPy archive. */
  async npz(): Promise<Uint8Array> {
    const bytes = await npz(this.current);
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
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

  protected get current(): EngineDataset {
    const { current } = this.data;
    if (!current) throw new Error('There is no data set yet.');
    return current;
  }

  /** Reports progress at most ten times a second, and always the end of a file. */
  #throttle(onProgress: OnProgress): (progress: Progress) => void {
    const { bytes_text } = this.engine;
    let last = 0;
    return (progress) => {
      const now = performance.now();
      const { phase, done, total } = progress;
      if (now - last < 100 && done < total) return;
      last = now;
      const bytes = phase === 'generate' ? null : { done: bytes_text(done), total: bytes_text(total) };
      onProgress({ ...progress, bytes });
    };
  }
}
