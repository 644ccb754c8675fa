/** Downloads of a run (scripts and files for other frameworks, weights, history), and loading of weights and models. */
import { weightsOf } from '../base/bytes';
import type { ModelKind, ScriptKind } from '../base/engine';
import { download } from '../lab/download';
import { importModel } from '../lab/import-model';
import type { Lab } from '../lab/lab';
import { fileName } from '../lab/reports';
import { RESULTS } from './text';

/** What a file's name ends in, and its type. */
const MODELS: Record<ModelKind, { ending: string; type: string }> = {
  'keras-model': { ending: '.keras', type: 'application/zip' },
  onnx: { ending: '.onnx', type: 'application/octet-stream' },
  'pytorch-weights': { ending: '-pytorch.safetensors', type: 'application/octet-stream' },
};

/** The trained network as one file that another tool opens. */
export async function saveModel({ worker, run }: Lab, kind: ModelKind): Promise<void> {
  if (!run.experiment) return;
  const { ending, type } = MODELS[kind];
  const bytes = await worker.modelFile(run.experiment, kind);
  download(`${fileName(run.experiment.name)}${ending}`, type, bytes as Uint8Array<ArrayBuffer>);
}

/** The script reads the weights from `<name>.safetensors`, so both files have the same base name. */
export async function saveScript({ worker, run, experiment }: Lab, target: ScriptKind): Promise<void> {
  const spec = run.experiment ?? experiment;
  if (!spec) return;
  const name = fileName(spec.name);
  const text = await worker.script(spec, target);
  if (target === 'notebook') download(`${name}.ipynb`, 'application/x-ipynb+json', text);
  else download(`${name}_${target}.py`, 'text/x-python', text);
}

const SAFETENSORS = 'application/octet-stream';

const nameOf = ({ run }: Lab): string => fileName(run.experiment?.name ?? 'convlab');

export async function saveWeights(lab: Lab): Promise<void> {
  const bytes = await lab.worker.weights();
  download(`${nameOf(lab)}.safetensors`, SAFETENSORS, bytes as Uint8Array<ArrayBuffer>);
}

/** Everything that is needed to resume the run elsewhere or later. */
export async function saveCheckpoint(lab: Lab): Promise<void> {
  const bytes = await lab.worker.checkpoint();
  download(`${nameOf(lab)}-checkpoint.safetensors`, SAFETENSORS, bytes as Uint8Array<ArrayBuffer>);
}

export async function saveHistory(lab: Lab, format: 'json' | 'csv'): Promise<void> {
  const history = await lab.worker.history();
  const name = `${nameOf(lab)}-history.${format}`;
  if (format === 'csv') return download(name, 'text/csv', await lab.worker.historyCsv(history.epochs));
  const text = JSON.stringify({ experiment: lab.run.experiment, ...history }, null, 2);
  download(name, 'application/json', `${text}\n`);
}

/** The run as the compare view saves it, with what the student has written about it. */
export const saveRun = ({ runs, run }: Lab): Promise<void> => runs.saveNow(run);

/** Whether a file is a safetensors file with Convlab's names of tensors: `conv2d.kernel`. */
async function isOwnWeights(file: File): Promise<boolean> {
  if (!file.name.toLowerCase().endsWith('.safetensors')) return false;
  const start = new TextDecoder().decode(await file.slice(8, 1 << 20).arrayBuffer());
  return /\.(kernel|gamma|beta|moving_mean)"/.test(start);
}

export async function openWeights(lab: Lab, file: File): Promise<void> {
  // A safetensors file of another program is read by the importer, as are all other kinds.
  if (!(await isOwnWeights(file))) return importModel(lab, file);
  try {
    const bytes = await weightsOf(file);
    if (await lab.startFrom({ kind: 'weights', name: file.name, bytes }))
      lab.messages.notice(RESULTS.loaded(file.name, lab.run.experiment?.name ?? ''));
  } catch (error) {
    lab.messages.failure(error, file.name);
  }
}
