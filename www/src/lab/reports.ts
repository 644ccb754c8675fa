/** Reports of a run: what the student writes in them, and the files. */
import type { ReportInput, Written } from '../base/engine';
import { download } from './download';
import type { Lab } from './lab';
import { printHtml } from './print';
import { type ReportData, runName, type SavedRun, testFigures } from './saved-run';

export type ReportFormat = 'html' | 'md' | 'print';

/** The figures of a report that have a box for observations, in their order. */
export const FIGURES = ['curves', 'history', 'confusion', 'classes', 'first_image', 'images', 'network'] as const;
export type Figure = (typeof FIGURES)[number];

/** Who writes; kept for the next report. */
export type Author = Omit<Written, 'observations'>;

const KEY = 'convlab-author';

/** A browser that stores nothing has no author. */
export function keptAuthor(): Author {
  const author: Author = { name: '', course: '', date: '' };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    for (const field of ['name', 'course', 'date'] as const) {
      const value = (kept as Partial<Record<string, unknown>>)[field];
      if (typeof value === 'string') author[field] = value;
    }
  } catch {
    // Not stored, or not by this page.
  }
  return author;
}

export function keepAuthor(author: Author): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(author));
  } catch {
    // The fields are empty the next time.
  }
}

/** A name that is valid in any file system. */
export const fileName = (name: string): string => name.replaceAll(/[^\w-]/g, '_');

const written = (run: SavedRun | null): Written => ({ ...keptAuthor(), observations: run?.observations ?? {} });

/** The report of a saved run; of one that is not evaluated yet, or was loaded from a file, without what only training can say. */
export async function saveReport(lab: Lab, run: SavedRun, format: ReportFormat): Promise<void> {
  const current = lab.run.id === run.id;
  const data = current ? await currentData(lab) : (run.report ?? dataOf(run));
  if (!data) return;
  const { whole, experiment } = run;
  const history = current ? await lab.worker.history() : await fullHistory(run, whole?.file);
  // A run is saved without the text that its preset is shown with; the report begins with the question of it.
  const presets = await lab.worker.presets();
  const preset = presets.find((one) => one.id === experiment.name && one.title === experiment.title);
  const asked = preset ? { ...experiment, text: preset.text } : experiment;
  const input: ReportInput = { experiment: asked, history, ...data, written: written(run) };
  await give(await lab.worker.reportOf(input, format !== 'md'), `${fileName(experiment.name)}-report`, format);
}

async function give(text: string, name: string, format: ReportFormat): Promise<void> {
  if (format === 'print') await printHtml(text);
  else download(`${name}.${format}`, format === 'html' ? 'text/html' : 'text/markdown', text);
}

/** Figures of a comparison's report that have a box for observations. */
export const COMPARED_FIGURES = ['table', 'accuracy', 'loss', 'gap'] as const;

/** The report of several runs side by side. */
export async function saveComparison(
  lab: Lab,
  runs: readonly SavedRun[],
  observations: Readonly<Record<string, string>>,
  format: ReportFormat,
): Promise<void> {
  const read = async (run: SavedRun) => (run.whole ? JSON.parse(await run.whole.file.text()) : run);
  const named = await Promise.all(runs.map(async (run) => ({ name: runName(run), run: await read(run) })));
  const text = await lab.worker.comparisonReport(
    { written: { ...keptAuthor(), observations }, runs: named },
    format !== 'md',
  );
  await give(text, 'comparison', format);
}

/** What the worker knows of the run that it has trained. */
export async function currentData({ run, worker }: Pick<Lab, 'run' | 'worker'>): Promise<ReportData | null> {
  // A stopped run has not been evaluated on the test set yet.
  if (!run.result) await run.evaluate();
  const { experiment, info, result } = run;
  if (!experiment || !info || !result) return null;
  const done: ReportInput['done'] = {
    ...testFigures(result),
    engine: info.engine,
    device: info.device,
    build: info.build,
    images_per_s: run.step?.images_per_s ?? 0,
    seconds: run.log.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    stopped_early: run.stoppedEarly,
  };
  const { info: sizes, data_title, system, samples } = await worker.reportInput(experiment, done);
  return { info: sizes, data_title, system, done, samples };
}

/** What a run's file says. */
function dataOf(run: SavedRun): ReportData | null {
  const { test, experiment, engine, device, build, seed } = run;
  if (!test) return null;
  const steps = Math.ceil(run.train_samples / (experiment.batch_size ?? 32));
  return {
    info: {
      engine,
      device,
      reason: '',
      notice: null,
      build,
      seed,
      steps_per_epoch: steps,
      epochs: experiment.epochs ?? run.epochs.length,
      train_samples: run.train_samples,
      validation_samples: run.validation_samples,
      test_samples: run.test_samples,
      classes: run.classes,
    } as ReportInput['info'],
    data_title: experiment.dataset.name,
    system: '',
    done: {
      ...test,
      engine: engine as ReportInput['done']['engine'],
      device,
      build,
      images_per_s: run.images_per_s ?? 0,
      seconds: run.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      stopped_early: false,
    },
    samples: [],
  };
}

/** Of a large run the page holds some epochs only. */
async function fullHistory(run: SavedRun, file: Blob | undefined): Promise<ReportInput['history']> {
  return file ? (JSON.parse(await file.text()) as ReportInput['history']) : run;
}
