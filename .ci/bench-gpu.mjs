// `npm run bench:gpu`: compares Convlab's native GPU engine with PyTorch (eager, float32 without TF32) on the same card: each preset at
// its batch size, and the share of the card's peak that a step reaches. PyTorch is that of the Python in CONVLAB_PYTHON, or it is
// installed into the cache. `-- --experiments net-1,net-3 --seconds 5` selects presets; `--save true` adds the table to
// tests/bench/results.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { machine, options } from './bench.mjs';
import { count, presetPath, save, table } from './bench-table.mjs';
import { fail, root, run, targetDir } from './lib.mjs';
import { PYTORCH, python } from './python.mjs';

const PRESETS =
  'mnist-10,mnist-4,mnist-10-better,maxnorm,conv-only,conv-pool,net-1,net-2,net-3,net-x,plain-18,residual-18,mobile-18';
const USAGE = 'npm run bench:gpu [-- --experiments mnist-10,net-1] [--seconds N] [--device cuda:0] [--save true]';

const lines = (text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

function convlab(id, seconds) {
  const program = join(targetDir(), 'release', 'convlab');
  const args = ['bench', id, '--engine', 'gpu', '--seconds', String(seconds), '--json'];
  return lines(execFileSync(program, args, { encoding: 'utf8' }))[0];
}

/** Measures PyTorch with its defaults and, on a CUDA device, with cuDNN's benchmark mode; `best` is the faster one. */
function pytorch(id, seconds, device) {
  const script = join(root, 'tests/bench/peers/torch_peer.py');
  const file = presetPath(id);
  const args = [script, String(seconds), device, file];
  const env = { ...process.env, PYTHONWARNINGS: 'ignore' };
  const found = lines(execFileSync(python('peers-torch', PYTORCH), args, { encoding: 'utf8', env }));
  return { all: found, best: found.reduce((a, b) => (b.ms_per_step < a.ms_per_step ? b : a)) };
}

/** The table row of a preset. */
function row({ id, convlab, torch }) {
  const { batch_size, ms_per_step, gflops, images_per_s } = convlab;
  const { best } = torch;
  const share = best.peak_gflops ? `${((100 * gflops) / best.peak_gflops).toFixed(0)} %` : '–';
  const ms = (value) => value.toFixed(3);
  const ratio = (best.ms_per_step / ms_per_step).toFixed(2);
  return [
    `${id} (batch ${batch_size})`,
    count(images_per_s),
    ms(ms_per_step),
    ms(best.ms_per_step),
    ratio,
    count(gflops),
    share,
  ];
}

try {
  const defaults = { experiments: PRESETS, seconds: 3, device: 'cuda:0', save: '' };
  const { experiments, seconds, device, save: isSaved } = options(process.argv.slice(2), defaults, USAGE);
  run('cargo', ['build', '--release', '--locked', '--bin', 'convlab']);
  const figures = [];
  for (const id of experiments.split(',')) {
    const figure = { id, convlab: convlab(id, seconds), torch: pytorch(id, seconds, device) };
    figures.push(figure);
    console.log(row(figure).join('  '));
  }
  const head = [
    '',
    'Convlab, images/s',
    'ms per step',
    'PyTorch, ms per step',
    'ratio',
    'GFLOP/s',
    "of the card's peak",
  ];
  const markdown = table([head, ...figures.map(row)]);
  const [{ convlab, torch }] = figures;
  const about = `${machine()}; ${convlab.device}; ${torch.best.engine} on ${torch.best.device}`;
  const date = new Date().toISOString();
  console.log(`\n${date}, ${about}\n\n${markdown}`);
  if (isSaved) save({ date, about, figures }, markdown);
} catch (error) {
  fail(error);
}
