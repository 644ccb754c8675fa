/**
 * What the live views of a run cost, on real MNIST: images per second with and without them, in turns, and the longest task of the page.
 * It measures this machine, so it runs only when asked: `CONVLAB_MEASURE=1 npx playwright test --config
 * tests/web/playwright.config.ts live-cost.spec.ts`.
 */
import { MNIST_NAMES, realFiles } from './files';
import { expect, skipLoudly, test } from './fixtures';

const mnist = realFiles('mnist', MNIST_NAMES);

const PAIRS = 6;
const WINDOW_S = 8;
const MOST_SHARE = 0.03;

interface Measured {
  /** Images per second in each window with the live views, and without. */
  shown: number[];
  hidden: number[];
  /** How often the views changed in the windows of each kind. */
  looks: { shown: number; hidden: number };
  /** Durations of the page's tasks of 50 ms and more while the views were shown. */
  longTasks: number[];
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

test('the live views take less than 3 % of a run’s time, and never block the page', async ({ lab, page }, info) => {
  skipLoudly(!process.env.CONVLAB_MEASURE, 'it takes minutes and measures this machine; ask with CONVLAB_MEASURE=1');
  skipLoudly(mnist === null, 'no MNIST files (set CONVLAB_DATA)');
  test.setTimeout(400_000);
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=500');
  await lab.drop(mnist ?? []);
  await expect(page.getByText('MNIST: 60,000 training and 10,000 test images')).toBeVisible({ timeout: 30_000 });
  await lab.start();
  const measured = await page.evaluate(
    async ({ pairs, seconds }): Promise<Measured> => {
      const { lab } = document.querySelector('conv-lab') as unknown as {
        lab: {
          run: { step: { step: number } | null; subscribe(follow: () => void): () => void };
          experiment: { batch_size: number };
        };
      };
      const view = document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-view')?.shadowRoot;
      const verdict = () => view?.querySelector('lab-live')?.shadowRoot?.querySelector('.verdict')?.textContent ?? '';
      const longTasks: number[] = [];
      let isShown = true;
      new PerformanceObserver((list) => {
        if (isShown) longTasks.push(...list.getEntries().map(({ duration }) => duration));
      }).observe({ type: 'longtask' });
      // Views do not look in a hidden page. Everything else goes on.
      Object.defineProperty(document, 'hidden', { get: () => !isShown, configurable: true });
      const report = () =>
        new Promise<{ time: number; step: number }>((resolve) => {
          const from = lab.run.step?.step ?? 0;
          const stop = lab.run.subscribe(() => {
            const step = lab.run.step?.step ?? 0;
            if (step === from) return;
            stop();
            resolve({ time: performance.now(), step });
          });
        });
      const looks = { shown: 0, hidden: 0 };
      const window = async (shows: boolean): Promise<number> => {
        isShown = shows;
        // A look that is under way belongs to the window before.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        let seen = verdict();
        const counter = setInterval(() => {
          if (verdict() !== seen) looks[shows ? 'shown' : 'hidden'] += 1;
          seen = verdict();
        }, 100);
        const from = await report();
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        const to = await report();
        clearInterval(counter);
        return (1000 * lab.experiment.batch_size * (to.step - from.step)) / (to.time - from.time);
      };
      const shown: number[] = [];
      const hidden: number[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        // In turns, so that neither is always first.
        if (pair % 2 === 0) shown.push(await window(true));
        hidden.push(await window(false));
        if (pair % 2 === 1) shown.push(await window(true));
      }
      return { shown, hidden, looks, longTasks };
    },
    { pairs: PAIRS, seconds: WINDOW_S },
  );
  const [withViews, without] = [median(measured.shown), median(measured.hidden)];
  const share = 1 - withViews / without;
  const longest = Math.max(0, ...measured.longTasks);
  const figures = `${withViews.toFixed(0)} images/s with the live views, ${without.toFixed(0)} without (${(100 * share).toFixed(1)} %); ${measured.looks.shown} looks; longest task ${longest ? `${longest.toFixed(0)} ms` : 'under 50 ms'}`;
  info.annotations.push({ type: 'live views', description: figures });
  process.stderr.write(`${figures}\n${JSON.stringify(measured)}\n`);
  expect(measured.looks.shown).toBeGreaterThan(PAIRS);
  expect(measured.looks.hidden).toBeLessThanOrEqual(1);
  expect(share).toBeLessThan(MOST_SHARE);
  expect(measured.longTasks, 'tasks of 50 ms and more').toEqual([]);
});
