/** The embedded lab: elements, frames, another origin, its events, and its clean-up. */
import { expect, type Page, test } from '@playwright/test';
import { openView } from './fixtures';
import { type Extra, type Site, serveSite } from './server';

const ATTRIBUTES = 'compact data="synthetic" engine="cpu" epochs="2" train="200" test="50"';
const course = (body: string, script = './conv-lab.js') =>
  Buffer.from(`<!doctype html><html lang="en"><head><title>Course</title>
    <link rel="icon" href="./favicon.svg"></head><body><main><h1>Course</h1>
    <script type="module" src="${script}"></script>${body}</main></body></html>`);

const PAGES: Extra = new Map([
  [
    'two.html',
    course(`<conv-lab id="a" experiment="mnist-10" ${ATTRIBUTES}></conv-lab>
      <conv-lab id="b" experiment="net-1" ${ATTRIBUTES} seed="9"></conv-lab>`),
  ],
  [
    'narrow.html',
    course(`<div id="column"><conv-lab experiment="mnist-10" ${ATTRIBUTES.replace('compact ', '')}></conv-lab></div>`),
  ],
  [
    'about.html',
    course(
      ['all', 'question', 'none']
        .map((about) => `<conv-lab id="${about}" about="${about}" experiment="mnist-10" ${ATTRIBUTES}></conv-lab>`)
        .join(''),
    ),
  ],
  ['far.html', course(`${'<br>'.repeat(400)}<conv-lab experiment="mnist-10" ${ATTRIBUTES}></conv-lab>`)],
  ['wrong.html', course(`<conv-lab compact experiment="net-99" epochs="soon"></conv-lab>`)],
  ['homework.html', course(`<conv-lab locked guess experiment="mnist-10" ${ATTRIBUTES}></conv-lab>`)],
  [
    'framed.html',
    Buffer.from(`<!doctype html><title>Course</title><link rel="icon" href="./favicon.svg"><iframe title="Lab" width="700" height="80"
      src="./embed.html?experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=200&test=50"></iframe>`),
  ],
]);

let site: Site;
let complaints: string[];

test.beforeEach(async ({ page }) => {
  site = await serveSite(new Map(PAGES));
  complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});
test.afterEach(async () => {
  await site.close();
  expect(complaints, 'the console must stay clean').toEqual([]);
});

/** Every event of the labs, in order, with the id of the lab. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: [string, string, unknown][] = [];
    Object.assign(window, { heard });
    for (const type of ['convlab-state', 'convlab-epoch', 'convlab-done', 'convlab-error']) {
      addEventListener(type, (event) => {
        heard.push([(event.target as Element).id, type, (event as CustomEvent).detail]);
      });
    }
  });
}
const heard = (page: Page) =>
  page.evaluate(() => (window as unknown as { heard: [string, string, Record<string, number>][] }).heard);

test('a card shows all of its experiment’s text, its question, or none', async ({ page }) => {
  await page.goto(`${site.url}about.html`);
  const card = (about: string) => page.locator(`conv-lab#${about} lab-card`);
  for (const about of ['all', 'question', 'none']) {
    await page.locator(`conv-lab#${about}`).scrollIntoViewIfNeeded();
    await expect(card(about).getByRole('button', { name: 'Start', exact: true })).toBeVisible({ timeout: 60_000 });
  }
  await expect(card('all').locator('.about > p')).toContainText('Question.');
  await card('all').getByText('About this experiment').click();
  await expect(card('all').locator('.rest')).toContainText('We found');
  await expect(card('question').locator('.about > p')).toHaveText(await card('all').locator('.about > p').innerText());
  await expect(card('question').locator('.about details')).toHaveCount(0);
  await expect(card('none').locator('.about')).toHaveCount(0);
  await page.locator('conv-lab#none').evaluate((one) => one.setAttribute('about', 'question'));
  await expect(card('none').locator('.about > p')).toContainText('Question.');
});

test('two labs on a page run independently of one another, and send their events', async ({ page }) => {
  await listen(page);
  await page.goto(`${site.url}two.html`);
  const [a, b] = [page.locator('#a'), page.locator('#b')];
  await a.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(b.getByRole('button', { name: 'Start' })).toBeEnabled({ timeout: 40_000 });
  await page.evaluate(() => document.querySelector<HTMLElement & { start(): Promise<void> }>('#b')?.start());
  await expect(a.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  await expect(b.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  await expect(a.locator('.title')).toContainText('MNIST');
  await expect(b.locator('.title')).toContainText('NET I');

  const events = await heard(page);
  for (const id of ['a', 'b']) {
    const own = events.filter(([of]) => of === id);
    const epochs = own.filter(([, type]) => type === 'convlab-epoch').map(([, , detail]) => detail);
    expect(epochs.map(({ epoch, epochs }) => [epoch, epochs])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    const [done] = own.filter(([, type]) => type === 'convlab-done');
    expect(done?.[2].accuracy).toBeGreaterThanOrEqual(0);
    expect(own.some(([, type]) => type === 'convlab-error')).toBe(false);
  }
  const seeds = await page.evaluate(async () => {
    type Lab = HTMLElement & { history(): Promise<{ seed: number }>; weights(): Promise<Uint8Array> };
    const labs = [...document.querySelectorAll<Lab>('conv-lab')];
    return Promise.all(labs.map(async (lab) => [(await lab.history()).seed, (await lab.weights()).length]));
  });
  expect(seeds.map(([seed]) => seed)).toEqual([0, 9]);
  expect(seeds[1]?.[1]).toBeGreaterThan(193_034 * 4);

  // One is removed with its workers, and the other stays as it was.
  const before = page.workers().length;
  await page.evaluate(() => document.querySelector('#a')?.remove());
  await expect.poll(() => page.workers().length).toBeLessThan(before);
  await b.getByRole('button', { name: 'Start again' }).click();
  await expect(b.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  await page.evaluate(() => document.querySelector('#b')?.remove());
  await expect.poll(() => page.workers().length).toBe(0);
});

test('the engine is loaded when a lab becomes visible, not before; attributes change it', async ({ page }) => {
  await page.goto(`${site.url}far.html`);
  await page.waitForFunction(() => customElements.get('conv-lab') !== undefined);
  await page.waitForTimeout(500);
  expect(site.requests.filter((path) => path.endsWith('.wasm'))).toEqual([]);
  expect(page.workers()).toHaveLength(0);
  await page.locator('conv-lab').scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled({ timeout: 40_000 });
  await expect(page.getByText('6,270 parameters', { exact: true })).toBeVisible();
  await page.evaluate(() => document.querySelector('conv-lab')?.setAttribute('experiment', 'net-1'));
  await expect(page.getByText('193,034 parameters', { exact: true })).toBeVisible();
  await page.evaluate(() => document.querySelector('conv-lab')?.setAttribute('view', 'model'));
  await expect(page.locator('lab-model-view')).toBeVisible();
});

test('an experiment as a property of the element', async ({ page }) => {
  await page.goto(`${site.url}far.html`);
  const spec = await (await page.request.get(`${site.url}lessons/too-fast.json`)).json();
  await page.evaluate((spec) => {
    const lab = document.querySelector('conv-lab');
    Object.assign(lab ?? {}, { spec });
    lab?.scrollIntoView();
  }, spec);
  await expect(page.locator('.title')).toHaveText(/a hundred times faster/, { timeout: 40_000 });
});

test('invalid attributes are reported in the lab and to the page', async ({ page }) => {
  await listen(page);
  await page.goto(`${site.url}wrong.html`);
  await expect(
    page.getByText(/The attribute epochs of <conv-lab> must be a number with at most 4 decimals. Received: “soon”/),
  ).toBeVisible({
    timeout: 40_000,
  });
  await expect(page.getByText(/There is no experiment “net-99”/)).toBeVisible();
  const errors = (await heard(page)).filter(([, type]) => type === 'convlab-error');
  expect(errors).toHaveLength(2);
});

test('a page of another origin can embed it if the site allows that', async ({ page }) => {
  const cdn = await serveSite(new Map(), { crossOrigin: true });
  site.extra.set('cross.html', crossing(`${cdn.url}conv-lab.js`));
  await page.route(`${site.url}cross.html`, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['content-security-policy'];
    await route.fulfill({ response, headers });
  });
  await page.goto(`${site.url}cross.html`);
  await page.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(page.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  await cdn.close();
});
const crossing = (script: string) => course(`<conv-lab experiment="mnist-10" ${ATTRIBUTES}></conv-lab>`, script);

test('a frame posts its height and its events', async ({ page }) => {
  await page.addInitScript(() => {
    const heard: { type: string; height?: number }[] = [];
    Object.assign(window, { messages: heard });
    addEventListener('message', ({ data }) => heard.push(data));
  });
  await page.goto(`${site.url}framed.html`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(frame.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  const messages = await page.evaluate(
    () => (window as unknown as { messages: { type: string; height?: number }[] }).messages,
  );
  const heights = messages.filter(({ type }) => type === 'convlab-height').map(({ height }) => height ?? 0);
  const actual = await frame.locator('html').evaluate((html) => html.getBoundingClientRect().height);
  expect(Math.abs((heights.at(-1) ?? 0) - actual)).toBeLessThanOrEqual(1);
  expect(heights.at(-1)).toBeGreaterThan(300);
  expect(messages.map(({ type }) => type)).toEqual(expect.arrayContaining(['convlab-epoch', 'convlab-done']));
  await expect(frame.getByRole('link', { name: 'Open in the full lab' })).toHaveAttribute(
    'href',
    /experiment=mnist-10/,
  );
});

test('the guess comes before the run, and a locked experiment stays as it was set', async ({ page }) => {
  await page.goto(`${site.url}homework.html`);
  const guess = page.getByLabel('My guess, in per cent');
  await expect(guess).toBeVisible({ timeout: 40_000 });
  await expect(page.getByRole('button', { name: 'Start' })).toHaveCount(0);
  await guess.fill('lots');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Give a number from 0 to 100.')).toBeVisible();
  await guess.fill('55');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  await expect(page.getByText(/You guessed 55.%, the network reached/)).toBeVisible();
  await expect(page.locator('conv-lab').getByText('Set by your course')).toBeVisible();
  // Changes from inside the lab are refused as well.
  const kept = await page.evaluate(async () => {
    const card = document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-card') as unknown as {
      lab: {
        set(changes: object): void;
        edit(spec: unknown): void;
        experiment: { epochs: number };
        useCustom(spec: unknown): Promise<void>;
      };
    };
    card.lab.set({ epochs: 50 });
    card.lab.edit({ ...card.lab.experiment, epochs: 51 });
    const refused = await card.lab.useCustom({}).then(
      () => '',
      (error: Error) => error.message,
    );
    return { epochs: card.lab.experiment.epochs, refused };
  });
  expect(kept.epochs).toBe(2);
  expect(kept.refused).toContain('locked');
});

test('a lab in a narrow column of a wide page has the layout of a phone', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${site.url}narrow.html`);
  const column = (width: number) =>
    page.evaluate((width) => {
      const column = document.querySelector('#column') as HTMLElement;
      column.style.width = `${width}px`;
    }, width);
  await column(380);
  await page.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(page.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  const boxes = async () => {
    const of = async (selector: string) =>
      (await page.locator(selector).first().boundingBox()) ?? { x: 0, y: 0, width: 0 };
    return { setup: await of('lab-setup'), tabs: await of('[role=tablist]'), chart: await of('lab-line-chart') };
  };
  const wideParts = () =>
    page.evaluate(() => {
      const right = document.querySelector('#column')?.getBoundingClientRect().right ?? 0;
      const shadow = document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-view')?.shadowRoot;
      return [...(shadow?.querySelectorAll('.card, .tile') ?? [])].filter(
        (part) => part.getBoundingClientRect().right > right + 1,
      ).length;
    });
  for (const view of ['Run', 'Data', 'Model', 'Inside', 'Results', 'Predictions', 'Compare', 'Cost', 'Device']) {
    await openView(page, view);
    await expect(page.getByRole('tab', { name: view, exact: true })).toHaveAttribute('aria-selected', 'true');
    const beyond = () =>
      page.evaluate(() => {
        const lab = document.querySelector('conv-lab') as HTMLElement;
        return lab.scrollWidth - lab.clientWidth;
      });
    await expect.poll(beyond, `${view} stays in its column`).toBeLessThanOrEqual(0);
  }
  await openView(page, 'Run');
  await expect.poll(wideParts).toBe(0);
  const narrow = await boxes();
  expect(narrow.tabs.y, 'the set-up lies above').toBeGreaterThan(narrow.setup.y);
  expect(narrow.tabs.x).toBe(narrow.setup.x);
  await column(1200);
  await expect.poll(async () => (await boxes()).tabs.x, 'the set-up is at the side').toBeGreaterThan(300);
});
