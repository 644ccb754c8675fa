/** Downloads of a run (report, scripts for other frameworks, weights, history), and loading of weights. */
import { download } from '../lab/download';
import type { Lab } from '../lab/lab';
import { savedRun } from '../lab/saved-run';
import { RESULTS } from './text';

/** A name that is valid in any file system. */
export const fileName = (name: string): string => name.replaceAll(/[^\w-]/g, '_');

export async function saveReport({ worker, run }: Lab, format: 'html' | 'md'): Promise<void> {
  // A stopped run has not been evaluated on the test set yet.
  if (!run.result) await run.evaluate();
  const { experiment, info, result } = run;
  if (!experiment || !info || !result) return;
  const done = {
    test_loss: result.loss,
    test_accuracy: result.accuracy,
    test_top_5_accuracy: result.top_5_accuracy,
    confusion: result.confusion,
    engine: info.engine,
    device: info.device,
    build: info.build,
    images_per_s: run.step?.images_per_s ?? 0,
    seconds: run.log.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    stopped_early: run.stoppedEarly,
  };
  const text = await worker.report(experiment, done, format === 'html');
  const type = format === 'html' ? 'text/html' : 'text/markdown';
  download(`${fileName(experiment.name)}-report.${format}`, type, text);
}

/** The script reads the weights from `<name>.safetensors`, so both files have the same base name. */
export async function saveScript({ worker, run, experiment }: Lab, target: 'keras' | 'pytorch'): Promise<void> {
  const spec = run.experiment ?? experiment;
  if (!spec) return;
  download(`${fileName(spec.name)}_${target}.py`, 'text/x-python', await worker.script(spec, target));
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

/** The run as the compare view saves it. */
export async function saveRun({ worker, run }: Lab): Promise<void> {
  const { experiment, info, id, result } = run;
  if (!experiment || !info) return;
  const history = await worker.history();
  const imagesPerS = run.step?.images_per_s ?? null;
  const facts = { id, complete: run.state === 'done', experiment, info, history, result, imagesPerS };
  const text = JSON.stringify(savedRun(facts, new Date()));
  download(`${fileName(experiment.name)}-seed-${info.seed}.run.json`, 'application/json', `${text}\n`);
}

export async function openWeights(lab: Lab, file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (await lab.startFrom({ kind: 'weights', name: file.name, bytes }))
    lab.messages.notice(RESULTS.loaded(file.name, lab.run.experiment?.name ?? ''));
}
