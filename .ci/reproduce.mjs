// `npm run reproduce`: trains the presets on the official files and writes the tables of tests/results.
//
//   npm run reproduce -- --data DIR [--epochs N] [--train-limit N] [--test-limit N] [ID...]   train, then write the table
//   … --dataset cifar10                             the same networks on another data set, with its number of classes
//   … --page                                        in the page, in headless Chromium; natively otherwise
//   … --seed N                                      from another seed than the preset's; saved as ID-seed-N.json
//   npm run reproduce -- --from DIR                  use runs that `convlab train ID --out DIR/ID` wrote
//   npm run reproduce -- --table                     only write the table
//
// Each run is saved as tests/results/ID.json: the history that `convlab train` wrote, with the date and the machine, and without the
// learning rate of every step, which follows from the schedule.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { document } from './bench-table.mjs';
import { fail, root, run, SetupError, targetDir } from './lib.mjs';
import { writeCurves } from './record-curves.mjs';
import { trainInPage } from './train-page.mjs';

/** What follows a preset's name in the name of a run's file. */
const RUN_OF = /^(-seed-\d+)?(-page)?\.json$/;
const RESULTS = join(root, 'tests', 'results');

/** The presets in the order of the course, with the figures that their sources report. */
const SOURCE = {
  'mnist-10': '',
  'mnist-4': '',
  'mnist-10-better': '',
  maxnorm:
    'train 30.14 % (1), 61.67 % (10), 71.66 % (25); validation 43.33 % (1), 59.63 % (10), 64.49 % (25); loss 1.8958 → 0.7882, validation 1.5456 → 1.0221',
  'conv-only': 'validation 44.4 % (1), best 66.3 %, last 65.04 %; train 84.5 %; overfits from about epoch 8',
  'conv-pool': 'validation best 69.0 %, last 67.19 %',
  'net-1': '',
  'net-2': '',
  'net-3': '',
  'net-x': '',
  'plain-18': 'CIFAR-100, 100 epochs: loss 3.872 → 0.014, test 70.55 %',
  'residual-18': 'CIFAR-100, 100 epochs: loss 0.005, test 72.56 %',
  'mobile-18': 'CIFAR-100, 100 epochs: loss 0.100, test 61.49 %',
  'mnist-99': '',
  'cifar10-quick': '',
  'cifar10-fast':
    'original files, mean of many seeds: 94.0 %; the same recipe in PyTorch on these files, seed 0: 90.7 %',
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: process.env.CONVLAB_DATA },
      epochs: { type: 'string' },
      'train-limit': { type: 'string' },
      'test-limit': { type: 'string' },
      engine: { type: 'string', default: 'cpu' },
      dataset: { type: 'string' },
      from: { type: 'string' },
      table: { type: 'boolean' },
      page: { type: 'boolean' },
      seed: { type: 'string' },
    },
  });
  if (values.from) collect(values.from);
  else if (!values.table) await train(values, positionals);
  writeFileSync(join(RESULTS, 'README.md'), table());
  writeCurves(RESULTS);
} catch (error) {
  fail(error);
}

async function train(values, ids) {
  if (!values.data)
    throw new SetupError(
      'The data folder is missing.',
      'Name the folder with the official files: --data DIR, or CONVLAB_DATA.',
    );
  const unknown = ids.find((id) => !(id in SOURCE));
  if (unknown) throw new SetupError(`There is no preset ${unknown}.`, `Available: ${Object.keys(SOURCE).join(', ')}`);
  if (!values.page) run('cargo', ['build', '--release', '--locked', '--bin', 'convlab']);
  for (const id of ids.length > 0 ? ids : Object.keys(SOURCE)) {
    const out = mkdtempSync(join(tmpdir(), 'convlab-reproduce-'));
    const name = [id, values.seed && `seed-${values.seed}`, values.page && 'page'].filter(Boolean).join('-');
    if (values.page) {
      const seed = values.seed === undefined ? undefined : Number(values.seed);
      await trainInPage(id, { data: values.data, seed, engine: values.engine, out });
      save(name, out);
      rmSync(out, { recursive: true });
      continue;
    }
    const limits = ['epochs', 'train-limit', 'test-limit', 'seed'].flatMap((flag) =>
      values[flag] ? [`--${flag}`, values[flag]] : [],
    );
    const engine = ['--engine', values.engine];
    run(join(targetDir(), 'release', 'convlab'), [
      'train',
      values.dataset ? withDataset(values.dataset, id, out) : id,
      '--data',
      values.data,
      '--out',
      out,
      ...engine,
      ...limits,
    ]);
    save(name, out);
    rmSync(out, { recursive: true });
  }
}

/** The number of classes of each data set that `--dataset` accepts. */
const CLASSES = { mnist: 10, cifar10: 10, cifar100: 100 };

/** Writes a preset's document for another data set, with as many units in the last layer as there are classes. */
function withDataset(name, id, folder) {
  if (!(name in CLASSES)) {
    throw new SetupError(`There is no data set ${name}.`, `Available: ${Object.keys(CLASSES).join(', ')}`);
  }
  const { text, ...experiment } = document(id);
  experiment.dataset.name = name;
  experiment.layers.at(-1).units = CLASSES[name];
  const path = join(folder, 'experiment.json');
  writeFileSync(path, JSON.stringify(experiment));
  return path;
}

/** Saves the runs found in a folder. */
function collect(folder) {
  for (const id of Object.keys(SOURCE)) {
    if (existsSync(join(folder, id, 'history.json'))) save(id, join(folder, id));
  }
}

/** Saves a run's history in tests/results and updates the table. */
function save(id, folder) {
  const path = join(folder, 'history.json');
  const { learning_rates, ...history } = JSON.parse(readFileSync(path, 'utf8'));
  const record = { date: statSync(path).mtime.toISOString().slice(0, 10), machine: machine(), ...history };
  writeFileSync(join(RESULTS, `${id}.json`), `${JSON.stringify(record, null, 1)}\n`);
  writeFileSync(join(RESULTS, 'README.md'), table());
}

function machine() {
  const { stdout } = spawnSync('uname', ['-sm'], { encoding: 'utf8' });
  return `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}, ${(stdout ?? '').trim()}`;
}

function table() {
  const present = readdirSync(RESULTS).sort();
  const filesOf = (id) => present.filter((name) => name.startsWith(id) && RUN_OF.test(name.slice(id.length)));
  const read = (name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8'));
  const records = Object.keys(SOURCE).flatMap((id) =>
    filesOf(id).map((name) => ({ id, inPage: name.includes('-page'), ...read(name) })),
  );
  const rows = records.map(row);
  return `# Runs

Training runs on files in the official formats, by \`npm run reproduce\`. The raw histories are in this folder. The CIFAR-10 images had
been re-encoded as JPEG, which can change accuracies by about one point. The 18-layer networks were trained with
\`--dataset cifar10 --train-limit 2000 --test-limit 2000 --epochs 4\`. Keras's runs of \`net-1\` and of the first epochs of \`conv-only\` are in [keras](keras).

${machines(records)}

| preset | trained | training accuracy | validation accuracy: best (epoch), last | test accuracy | source | training time | seed, engine, date |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function machines(records) {
  return `Machine: ${[...new Set(records.map(({ machine }) => machine))].join('; ')}.`;
}

function row({ id, inPage, epochs, experiment, train_samples, test, seed, engine, date }) {
  const percent = (value) => (value === undefined || value === null ? '–' : `${(100 * value).toFixed(2)} %`);
  const last = epochs.at(-1);
  const best = epochs.reduce((a, b) => ((b.val_accuracy ?? 0) > (a.val_accuracy ?? 0) ? b : a));
  const validation =
    last.val_accuracy === undefined
      ? '–'
      : `${percent(best.val_accuracy)} (${best.epoch}), ${percent(last.val_accuracy)}`;
  const count = train_samples.toLocaleString('en');
  const preset = document(id);
  const trained = `${epochs.at(-1).partial ? preset.epochs : epochs.length} of ${preset.epochs} epochs, ${count} images of ${experiment.dataset.name}`;
  const cells = [
    `\`${id}\``,
    trained,
    percent(last.accuracy),
    validation,
    percent(test?.test_accuracy),
    SOURCE[id] || '–',
  ];
  const seconds = epochs.reduce((sum, { seconds }) => sum + seconds, 0);
  const time = seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
  const where = inPage ? `${engine} in the page` : engine;
  return `| ${cells.join(' | ')} | ${time} | ${seed}, ${where}, ${date} |`;
}
