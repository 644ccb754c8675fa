/** Takes a model of another program in place of the experiment: Keras, also as code, ONNX, PyTorch. */
import { bytesOf, MOST } from '../base/bytes';
import type { Experiment, ImportedHead } from '../base/engine';
import type { Failure } from '../base/failure';
import type { GivenFile } from '../worker/protocol';
import { IMPORT } from './import-text';
import type { Messages } from './messages';
import { LOCKED } from './text';

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
  readonly messages: Pick<Messages, 'error' | 'notice' | 'failure' | 'ask'>;
  readonly experiments: { replace(experiment: Experiment): Promise<boolean> };
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
    const bytes = await bytesOf(file, MOST.model);
    const model = await lab.worker.importModel(file.name, bytes, lab.document ?? undefined);
    if ('failure' in model) return lab.messages.failure(model.failure);
    const { experiment, unsupported, matched } = model.head;
    if (unsupported.length > 0) {
      const parts = unsupported.map(({ where, what }) => `${where}: ${what}`);
      return lab.messages.error(IMPORT.unsupported(file.name, parts));
    }
    if (!(await areTaken(lab, file.name, matched))) return;
    if (!(await lab.experiments.replace(experiment))) return;
    if (!model.weights) return lab.messages.notice(IMPORT.network(file.name, experiment.name));
    const weights: GivenFile = { kind: 'weights', name: file.name, bytes: model.weights as Uint8Array<ArrayBuffer> };
    if (!(await lab.startFrom(weights))) return;
    lab.messages.notice(IMPORT.weights(file.name, experiment.name));
  } catch (error) {
    lab.messages.failure(error, file.name);
  }
}

/** Shows which tensor of the file each of ours would be, if they were matched by order and shape rather than by name, and asks. */
async function areTaken(lab: Importing, file: string, matched: ImportedHead['matched']): Promise<boolean> {
  const layerOf = (name: string) => name.slice(0, name.lastIndexOf('.'));
  if (matched.every(({ ours, theirs }) => layerOf(ours) === layerOf(theirs))) return true;
  const { question, ours, theirs, reordered, take, refuse } = IMPORT.matching;
  const rows = matched.map((pair) => [pair.ours, pair.theirs, pair.reordered ? reordered : '']);
  const answer = await lab.messages.ask(question(file), [take, refuse], [[ours, theirs, ''], ...rows]);
  return answer === 0;
}
