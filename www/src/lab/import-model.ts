/** Takes a model of another program in place of the experiment: Keras, also as code, ONNX, PyTorch. */
import type { Experiment, ImportedHead } from '../base/engine';
import type { Failure } from '../base/failure';
import type { GivenFile } from '../worker/protocol';
import { IMPORT, LOCKED } from './text';

/** The members of the lab that this needs. */
interface Importing {
  readonly locked: boolean;
  readonly document: Experiment | null;
  readonly worker: {
    importModel(
      name: string,
      bytes: Uint8Array,
      basis: Experiment | undefined,
    ): Promise<{ head: ImportedHead; weights: Uint8Array | null } | { failure: Failure }>;
  };
  readonly messages: { error(text: string): void; notice(text: string): void; failure(error: unknown): void };
  readonly model: { replace(experiment: Experiment | null): Promise<void> };
  startFrom(weights: GivenFile): Promise<boolean>;
}

/** What code says, and what of it is not understood; the experiment in use fills in what the code leaves open. */
export async function readCode(
  { worker, document }: Pick<Importing, 'worker' | 'document'>,
  name: string,
  bytes: Uint8Array,
): Promise<ImportedHead> {
  const model = await worker.importModel(name, bytes, document ?? undefined);
  if ('failure' in model) throw new Error(model.failure.message);
  return model.head;
}

export async function importModel(lab: Importing, file: File): Promise<void> {
  if (lab.locked) return lab.messages.error(LOCKED.files);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const model = await lab.worker.importModel(file.name, bytes, lab.document ?? undefined);
    if ('failure' in model) return lab.messages.failure(model.failure);
    const { experiment, unsupported, matched } = model.head;
    if (unsupported.length > 0) {
      const parts = unsupported.map(({ where, what }) => `${where}: ${what}`);
      return lab.messages.error(IMPORT.unsupported(file.name, parts));
    }
    await lab.model.replace(experiment);
    if (!model.weights) return lab.messages.notice(IMPORT.network(file.name, experiment.name));
    const weights: GivenFile = { kind: 'weights', name: file.name, bytes: model.weights as Uint8Array<ArrayBuffer> };
    if (!(await lab.startFrom(weights))) return;
    lab.messages.notice(IMPORT.weights(file.name, experiment.name));
    if (matched.length > 0) {
      lab.messages.notice(IMPORT.matched(matched.map(({ ours, theirs }) => `${ours} ← ${theirs}`)));
    }
  } catch (error) {
    lab.messages.failure(error);
  }
}
