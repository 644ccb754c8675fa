/** Elements that come and go at any moment leave no error behind. */
import { expect, test } from '@playwright/test';
import { type Site, serveSite } from './server';

const ATTRIBUTES = 'compact data="synthetic" engine="cpu" epochs="3" train="400" test="50" experiment="mnist-10"';

let site: Site;
test.beforeEach(async ({ page }) => {
  site = await serveSite(
    new Map([
      [
        'page.html',
        Buffer.from('<!doctype html><title>x</title><script type="module" src="./conv-lab.js"></script><main></main>'),
      ],
    ]),
  );
  await page.goto(`${site.url}page.html`);
  await page.waitForFunction(() => customElements.get('conv-lab') !== undefined);
});
test.afterEach(() => site.close());

test('removed after any time, also while it trains: no uncaught error, and no worker stays', async ({ page }) => {
  test.setTimeout(180_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  for (const ms of [0, 1, 5, 20, 50, 100, 150, 200, 300, 400, 600, 800, 1000, 1500, 2500]) {
    await page.evaluate(
      async ([ms, attributes]) => {
        const main = document.querySelector('main') as HTMLElement;
        main.innerHTML = `<conv-lab ${attributes}></conv-lab><conv-lab ${attributes.replace('compact', '')}></conv-lab>`;
        const labs = [...main.querySelectorAll<HTMLElement & { start(): Promise<void> }>('conv-lab')];
        for (const lab of labs) lab.start().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, ms));
        main.replaceChildren();
      },
      [ms, ATTRIBUTES] as const,
    );
  }
  await expect.poll(() => page.workers().length).toBe(0);
  await page.waitForTimeout(500);
  expect(errors).toEqual([]);
});

test('who waits for an answer of a removed element is told', async ({ page }) => {
  const answer = await page.evaluate(async (attributes) => {
    const main = document.querySelector('main') as HTMLElement;
    main.innerHTML = `<conv-lab ${attributes}></conv-lab>`;
    const lab = main.firstElementChild as HTMLElement & { start(): Promise<void> };
    const started = lab.start().then(
      () => 'started',
      (error: Error) => error.message,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    lab.remove();
    return started;
  }, ATTRIBUTES);
  expect(answer).toContain('removed from the page');
});
