/** The module of other programs' files. Loaded when a file comes or goes, and then kept. */
import * as Comlink from 'comlink';
import type { Experiment, Formats, ImportedHead, ModelKind } from '../base/engine';
import { type Failure, failureOf } from '../base/failure';

/** A file that was read: its experiment, and its weights as safetensors where it has some. */
export interface ImportedModel {
  head: ImportedHead;
  weights: Uint8Array | null;
}

let formats: Promise<Formats> | null = null;

function load(): Promise<Formats> {
  formats ??= loadModule().catch((error: unknown) => {
    // Without a connection, for example: the next file tries again.
    formats = null;
    throw error;
  });
  return formats;
}

async function loadModule(): Promise<Formats> {
  const module = await import('../../pkg-import/convlab.js');
  await module.default();
  return module;
}

/** A trained network as a file that other tools open. */
export async function exportModel(experiment: Experiment, weights: Uint8Array, kind: ModelKind): Promise<Uint8Array> {
  const bytes = (await load()).export_model(experiment, weights, kind);
  return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
}

/** Reads a file; `basis` is the experiment of a file that has weights only. An error in the file is returned, not thrown. */
export async function importModel(
  name: string,
  bytes: Uint8Array,
  basis: Experiment | undefined,
): Promise<ImportedModel | { failure: Failure }> {
  const module = await load();
  try {
    const file = new module.ImportedFile(name, bytes, basis);
    const model = { head: file.head(), weights: file.take_weights() ?? null };
    file.free();
    return Comlink.transfer(model, model.weights ? [model.weights.buffer as ArrayBuffer] : []);
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
