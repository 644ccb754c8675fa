/**
 * The page in every browser that can be had: the same steps in each, in the same order, and the same bits from the CPU engine.
 * A browser that is not installed is skipped with a line; with CI set it is installed by the set-up.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABS } from '../../../www/src/base/settings';
import { MNIST_NAMES, realFiles } from '../files';
import { type Extra, type Site, serveSite } from '../server';
import { BROWSERS, type Browser, type Tab } from './drivers';
import { install, openLab, show, train } from './page';

const SMALL = 'experiment=mnist-10&epochs=2&train=600&test=200&seed=3';

/** A locked element, whose runs must be the same to the last bit on every device. */
const ELEMENT = Buffer.from(`<!doctype html><html lang="en"><title>Course</title><link rel="icon" href="./favicon.svg">
  <script type="module" src="./conv-lab.js"></script>
  <conv-lab compact locked experiment="mnist-10" data="synthetic" epochs="2" train="600" test="200"></conv-lab></html>`);

const mnist = realFiles('mnist', MNIST_NAMES);
const extra: Extra = new Map([['element.html', ELEMENT]]);
for (const [i, name] of MNIST_NAMES.entries()) {
  const path = mnist?.[i];
  if (path) extra.set(`mnist/${name}`, path);
}

const say = (line: string) => process.stderr.write(`${line}\n`);

/** The histories of the locked element, by browser. */
const histories = new Map<string, string>();

/** A failed step of a browser does not hide the ones after it, but the tab must be there. */
function steps(browser: Browser): void {
  let site: Site;
  let tab: Tab;

  beforeAll(async () => {
    site = await serveSite(new Map(extra));
    tab = await browser.start();
    say(`${browser.name}: ${tab.version}`);
  });
  afterAll(async () => {
    await tab?.close();
    await site?.close();
  });

  /** A browser with nothing stored and no page before, so that no test depends on the ones before it. */
  const restart = async () => {
    await tab.close();
    tab = await browser.start();
  };

  it('boots without an error, and says which engines it has', async () => {
    await openLab(tab, `${site.url}?${SMALL}&data=synthetic&engine=cpu`);
    const { errors, broken, gpu } = await tab.run(async () => ({
      errors: helpers.all('lab-messages .message.error').map((one) => one.textContent),
      broken: helpers.all('.failed').map((one) => one.textContent),
      gpu: (await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter()) != null,
    }));
    expect(errors).toEqual([]);
    expect(broken).toEqual([]);
    if (browser.hasGpu) expect(gpu, 'a WebGPU adapter').toBe(true);
  });

  it.each(browser.hasGpu ? ['cpu', 'gpu'] : ['cpu'])('trains on synthetic digits: %s', async (engine) => {
    await restart();
    await openLab(tab, `${site.url}?${SMALL}&data=synthetic&engine=${engine}`);
    const { epochs, facts, speed } = await train(tab);
    expect(epochs).toHaveLength(2);
    for (const row of epochs) for (const cell of row.slice(1, 5)) expect(Number(cell)).toSatisfy(Number.isFinite);
    expect(facts).toContain(engine === 'gpu' ? 'WebGPU' : 'CPU');
    say(`${browser.name}, ${engine}: ${speed} images/s, loss ${epochs.map((row) => row[1]).join(', ')}`);
  });

  it.each(TABS)('shows the view %s', async (view) => {
    await show(tab, view);
    const { text, broken } = await tab.run(async (view: string) => {
      const element = await helpers.find(`lab-${view}-view`);
      await helpers.until('its content', () => helpers.all(`lab-${view}-view .card`).length > 0);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return {
        text: helpers.text(element),
        broken: helpers.all('.failed').map((one) => one.textContent),
      };
    }, view);
    expect(broken).toEqual([]);
    expect(text.trim().length).toBeGreaterThan(20);
  });

  it('predicts an own image', async () => {
    await show(tab, 'predictions');
    const verdict = await tab.run(async () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 56;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.fillRect(0, 0, 56, 56);
      context.fillStyle = 'white';
      context.fillRect(25, 8, 7, 40);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      await helpers.drop('lab-own-image .card', [new File([blob as Blob], 'one.png', { type: 'image/png' })]);
      return (await helpers.find('lab-own-image .verdict')).textContent;
    });
    expect(verdict).toMatch(/The network predicts “\d” with a probability of [\d.]+/);
  });

  it('exports weights, history, script and report', async () => {
    await show(tab, 'results');
    const files = await tab.run(async () => {
      const files: Awaited<ReturnType<typeof helpers.download>>[] = [];
      for (const name of ['Weights', 'History (JSON)', 'Keras', 'Report (HTML)', 'Checkpoint']) {
        // Found and clicked at once, because a file that is being made disables the buttons.
        const file = await helpers.download(() =>
          helpers.until(name, () => {
            const button = helpers
              .all('lab-downloads button')
              .find((one) => one.textContent?.includes(name) && !(one as HTMLButtonElement).disabled);
            button?.click();
            return button;
          }),
        );
        files.push(file);
      }
      return files;
    });
    expect(files.map(({ name }) => name.replace(/.*\./, ''))).toEqual([
      'safetensors',
      'json',
      'keras',
      'html',
      'safetensors',
    ]);
    for (const { name, bytes } of files) expect(bytes, name).toBeGreaterThan(500);
  });

  it('goes on after a reload, from where it was', async () => {
    await restart();
    await openLab(tab, `${site.url}?experiment=mnist-10&data=synthetic&engine=cpu&epochs=40&train=2000&test=100`);
    await tab.run(async () => {
      await helpers.click('lab-run-bar button.primary', 'Start');
      await helpers.until('a step', () => helpers.all('lab-run-bar .figures')[0]?.textContent?.includes('step'));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return null;
    });
    await tab.reload();
    await install(tab);
    const steps = await tab.run(async () => {
      const offer = await helpers.find('lab-kept-runs li');
      const text = offer.textContent ?? '';
      await helpers.click('lab-kept-runs button', 'Continue');
      await helpers.until('the run', () =>
        helpers.all('lab-run-bar .state').find((one) => one.textContent === 'Training'),
      );
      await helpers.click('lab-run-bar button', 'Stop');
      return Number(/step ([\d,]+) of/.exec(text)?.[1]?.replaceAll(',', ''));
    });
    expect(steps).toBeGreaterThan(0);
    say(`${browser.name}: left after about 2 s, continued from step ${steps}`);
  });

  it.skipIf(!mnist)('trains on the real MNIST, dropped on the page', async () => {
    await restart();
    await openLab(tab, `${site.url}?experiment=mnist-10&data=official&engine=cpu&epochs=1&train=6000&test=2000`);
    await tab.run(async (names: string[]) => {
      const files = await Promise.all(
        names.map(async (name) => new File([await (await fetch(`./mnist/${name}`)).blob()], name)),
      );
      await helpers.drop('conv-lab', files);
      await helpers.find('lab-setup', '60,000 training and 10,000 test images', 180_000);
      return null;
    }, MNIST_NAMES);
    const { epochs, speed } = await train(tab);
    expect(Number(epochs[0]?.[2])).toBeGreaterThan(0.5);
    say(`${browser.name}, MNIST: ${speed} images/s, accuracy ${epochs[0]?.[2]}`);
  });

  it('trains in the element, with the portable build', async () => {
    await restart();
    await tab.open(`${site.url}element.html`);
    await install(tab);
    const history = await tab.run(async () => {
      type Lab = HTMLElement & {
        start(): Promise<void>;
        state: string;
        history(): Promise<Record<string, unknown>>;
        weights(): Promise<Uint8Array>;
      };
      const lab = (await helpers.find('conv-lab')) as Lab;
      await helpers.until('the element', () => typeof lab.start === 'function');
      await lab.start();
      await helpers.until('the end of the run', () => lab.state === 'done', 120_000);
      const { epochs, build, seed } = (await lab.history()) as {
        epochs: { seconds: number }[];
      } & Record<string, unknown>;
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', (await lab.weights()) as BufferSource));
      return { build, seed, weights: [...digest].join(' '), epochs: epochs.map(({ seconds: _, ...row }) => row) };
    });
    expect(history.build).toBe('simd128');
    histories.set(browser.name, JSON.stringify(history));
  });

  it('opens and trains without a network', async () => {
    await restart();
    // A server of its own, which a repetition of the test has, too.
    const lost = await serveSite(new Map(extra));
    await openLab(tab, `${lost.url}?${SMALL}&data=synthetic&engine=cpu`);
    await tab.run(async () => {
      await navigator.serviceWorker.ready;
      // The list of files is stored when the worker is active.
      await helpers.until('a controlled page', () => navigator.serviceWorker.controller, 20_000).catch(() => null);
      return null;
    });
    await lost.close();
    await tab.reload();
    await install(tab);
    await tab.run(() => helpers.find('lab-run-bar button.primary:not([disabled])', 'Start', 60_000).then(() => null));
    expect((await train(tab)).epochs).toHaveLength(2);
  });
}

if (!mnist) say('SKIPPED: the real MNIST in every browser: CONVLAB_DATA names no folder with its files');

for (const browser of BROWSERS) {
  if (browser.missing) say(`SKIPPED: ${browser.name}: ${browser.missing}`);
  describe.skipIf(browser.missing !== null)(browser.name, () => steps(browser));
}

describe('all browsers', () => {
  it('compute the same losses, to the last bit, with the portable build', () => {
    const [first, ...others] = histories.values();
    expect(histories.size).toBeGreaterThan(1);
    // A driver may change the order of the keys.
    for (const other of others) expect(JSON.parse(other)).toEqual(JSON.parse(first ?? ''));
    say(`The same history in ${[...histories.keys()].join(', ')}`);
  });
});
