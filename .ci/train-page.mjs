// Trains a preset in the page, in headless Chromium, as a student would: the official files are dropped, and the run is saved.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBench } from './bench.mjs';
import { SetupError } from './lib.mjs';

const POLL_MS = 2000;

/** Trains a preset from a seed, on the files in a folder, with the CPU or the GPU engine, and writes `history.json` in the folder `out`. */
export async function trainInPage(id, { data, seed, engine, out }) {
  const files = readdirSync(data)
    .map((name) => join(data, name))
    .filter((path) => statSync(path).isFile());
  const { chromium, url, close } = await openBench();
  try {
    const page = await (await chromium.newContext()).newPage();
    // The presets' documents are served beside the page.
    await page.goto(url);
    await page.evaluate(openPreset, { id, seed, engine });
    // An input of this script's own: the page shows its own only where data are missing.
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<input id="files" type="file" multiple>'));
    await page.locator('#files').setInputFiles(files);
    await page.evaluate(start);
    for (let seen = ''; ; ) {
      const { state, line, messages } = await page.evaluate(progress);
      if (line !== seen) console.log(line);
      seen = line;
      if (state === 'done') break;
      if (state !== 'running') throw new SetupError(`The run of ${id} ended as "${state}". ${messages}`);
      await page.waitForTimeout(POLL_MS);
    }
    writeFileSync(join(out, 'history.json'), JSON.stringify(await page.evaluate(savedHistory), null, 1));
  } finally {
    await close();
  }
}

async function openPreset({ id, seed, engine }) {
  const until = async (get) => {
    for (;;) {
      const value = get();
      if (value) return value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const bar = await until(() => document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-bar'));
  const presets = await bar.lab.worker.presets();
  const { experiment } = presets.find(({ experiment }) => experiment.name === id);
  await bar.lab.useCustom({ ...experiment, seed: seed ?? experiment.seed });
  bar.lab.set({ engine });
}

async function start() {
  const { lab } = document.querySelector('conv-lab').shadowRoot.querySelector('lab-run-bar');
  await lab.addFiles([...document.querySelector('#files').files]);
  while (!lab.data.ready) await new Promise((resolve) => setTimeout(resolve, 100));
  await lab.start();
}

function progress() {
  const { lab } = document.querySelector('conv-lab').shadowRoot.querySelector('lab-run-bar');
  const { run } = lab;
  const last = run.log.epochs.at(-1) ?? {};
  const figures = ['epoch', 'seconds', 'loss', 'accuracy', 'val_accuracy'].filter((name) => last[name] !== undefined);
  return {
    state: run.state,
    line: figures.map((name) => `${name} ${Number(last[name].toPrecision(5))}`).join(', '),
    messages: lab.messages.list.map(({ text }) => text).join(' '),
  };
}

/** The run in the form of the command line's `history.json`. */
async function savedHistory() {
  const { lab } = document.querySelector('conv-lab').shadowRoot.querySelector('lab-run-bar');
  const { run } = lab;
  const { text: _, ...experiment } = run.experiment;
  const { classes, train_samples, validation_samples, test_samples } = run.info;
  const { loss: test_loss, accuracy: test_accuracy, top_5_accuracy, confusion } = run.result;
  const test = { test_loss, test_accuracy, test_top_5_accuracy: top_5_accuracy, confusion };
  const sizes = { classes, train_samples, validation_samples, test_samples };
  return { ...(await lab.worker.history()), experiment, ...sizes, test, user_agent: navigator.userAgent };
}
