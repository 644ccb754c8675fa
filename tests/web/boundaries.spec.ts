/** An error in one part of the page stays there: the rest works, a run continues, and the part can be tried again. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=600&test=100';
const VIEWS = ['Data', 'Model', 'Inside', 'Results', 'Predictions', 'Compare', 'Cost', 'Device', 'Run'];

const failed = (page: Page) => page.locator('.failed');

/** Makes the renderings of an element fail, or lets them work again. */
const breakElement = (page: Page, name: string, broken: boolean) =>
  page.evaluate(
    ([name, broken]) => {
      const prototype = customElements.get(name)?.prototype as { render(): unknown; whole?: () => unknown };
      prototype.whole ??= prototype.render;
      const { whole } = prototype;
      prototype.render = broken
        ? () => {
            throw new Error('planned');
          }
        : whole;
    },
    [name, broken] as const,
  );

for (const language of ['C', 'C.UTF-8', 'en_US', '']) {
  test.describe(`the browser’s language is “${language}”`, () => {
    test.beforeEach(({ page }) =>
      page.addInitScript(
        (language) =>
          Object.defineProperty(Navigator.prototype, 'language', { get: () => language, configurable: true }),
        language,
      ),
    );

    test('the page trains and draws its curves', async ({ lab, page }) => {
      await lab.open(RUN);
      await lab.start();
      await lab.finished();
      await expect.poll(async () => (await lab.curvePixels())[0]).toBeGreaterThan(50);
      expect(await page.evaluate(() => navigator.language), 'the page around sees its own language').toBe(language);
      await expect(failed(page)).toHaveCount(0);
    });
  });
}

test('every view that fails says so in its place, and can be tried again', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open(`${RUN}&epochs=400`);
  await lab.start();
  for (const view of VIEWS) {
    const name = `lab-${view.toLowerCase()}-view`;
    await lab.tab(view);
    await expect(page.locator(name)).toBeVisible();
    await breakElement(page, name, true);
    await lab.tab(view === 'Run' ? 'Data' : 'Run');
    await lab.tab(view);
    await expect(failed(page)).toHaveCount(1);
    await expect(failed(page)).toContainText('This part of the page cannot be shown. The rest works');
    await expect(failed(page)).toContainText('planned');
    await breakElement(page, name, false);
    await lab.button('Try again').click();
    await expect(failed(page)).toHaveCount(0);
    await expect(page.locator(`${name} .card`).first()).toBeVisible();
  }
  await expect(lab.state).toHaveText('Training');
  await lab.button('Stop').click();
});

test('a chart that cannot be drawn leaves the rest of its view', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { getContext: HTMLCanvasElement.prototype.getContext });
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  await expect(lab.epochRows).toHaveCount(3);
  await expect(failed(page).first()).toBeVisible();
  await page.evaluate(() => {
    HTMLCanvasElement.prototype.getContext = (window as unknown as { getContext: never }).getContext;
  });
  while ((await failed(page).count()) > 0) await lab.button('Try again').first().click();
  await expect.poll(async () => (await lab.curvePixels())[0]).toBeGreaterThan(50);
});

test.describe('the code of the views is missing on the host', () => {
  test.use({ serviceWorkers: 'block', expectedComplaints: [/404|Failed to fetch|Service Worker|MIME/] });

  test('the lab trains, and the views come when their code does', async ({ lab, page }) => {
    // The view of the run is part of what the page loads first.
    lab.site.missing = /assets\/view-/;
    await lab.open(`${RUN}&tab=results`);
    await expect(failed(page)).toHaveCount(1);
    await lab.start();
    await lab.finished();
    lab.site.missing = null;
    await lab.button('Try again').click();
    await expect(page.locator('lab-results-view lab-confusion')).toBeVisible();
  });
});
