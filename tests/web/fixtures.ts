/** The lab for tests: served by a static host, its parts located by their roles, its console checked. */
import { writeFileSync } from 'node:fs';
import { test as base, expect, type Locator, type Page, type TestInfo, type Worker } from '@playwright/test';
import { groupOf, TABS, viewsOf } from '../../www/src/base/settings';
import { PAGE } from '../../www/src/ui/text';
import { type Extra, type Site, serveSite } from './server';

export class LabPage {
  readonly complaints: string[] = [];
  readonly run: Locator;
  readonly status: Locator;
  readonly state: Locator;
  readonly messages: Locator;
  readonly epochRows: Locator;
  /** The figures of the results view. */
  readonly figures: Locator;

  constructor(
    readonly page: Page,
    readonly site: Site,
  ) {
    this.run = page.locator('lab-run-bar');
    this.state = this.run.locator('.state');
    this.status = this.run.locator('.figures');
    this.messages = page.locator('lab-messages .message');
    this.epochRows = page.locator('lab-run-view .epochs tbody tr');
    this.figures = page.locator('lab-results-view .tile dd');
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** Opens the lab and waits until it can start. */
  async open(query = ''): Promise<void> {
    await this.page.goto(this.site.url + query);
    await expect(this.button('Start')).toBeEnabled({ timeout: 30_000 });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async tab(name: string): Promise<void> {
    await openView(this.page, name);
  }

  /** The names of all views, in their order. */
  readonly views: readonly string[] = TABS.map((tab) => PAGE.views[tab]);

  /** Starts, and waits for the first figures. */
  async start(): Promise<void> {
    await this.button(/^Start( again)?$/).click();
    await expect(this.state).toHaveText(/Training|Finished/, { timeout: 60_000 });
    await expect(this.status).toContainText('step', { timeout: 60_000 });
  }

  async finished(timeout = 80_000): Promise<void> {
    await expect(this.state).toHaveText('Finished', { timeout });
  }

  /** Trains to the end. Returns the figures of the results view, which then is open. */
  async trained(): Promise<string[]> {
    await this.start();
    await this.finished();
    await this.tab('Results');
    return this.figures.allInnerTexts();
  }

  /** One figure of the row of tiles, as a number. */
  async tile(name: string): Promise<number> {
    const tile = this.page.locator('.tile', { has: this.page.getByText(name, { exact: true }) });
    return Number.parseFloat(await tile.locator('dd').innerText());
  }

  /** The steps done, from the bar: "Epoch 2 of 3 · step 12 of 100". */
  async steps(): Promise<{ epoch: number; step: number }> {
    const text = (await this.status.innerText()).replaceAll(',', '');
    const found = /Epoch (\d+) of \d+ · step (\d+) of/.exec(text);
    if (!found) throw new Error(`No step in “${text}”`);
    return { epoch: Number(found[1]), step: Number(found[2]) };
  }

  /** The numbers of the table of epochs, row by row: epoch, loss, accuracy, validation loss and accuracy. */
  async epochs(): Promise<number[][]> {
    const rows = await this.epochRows.all();
    return Promise.all(rows.map(async (row) => (await row.locator('th, td').allInnerTexts()).map(Number.parseFloat)));
  }

  /** Drops files from disk on the page, with real drag events. A busy browser loses some; then they are repeated. */
  async drop(paths: string[]): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    await this.page.evaluate(() => {
      document.documentElement.dataset.drops = '0';
      const count = () => {
        document.documentElement.dataset.drops = '1';
      };
      addEventListener('drop', count, { capture: true, once: true });
    });
    const arrived = this.page.locator('html[data-drops="1"]');
    await expect(async () => {
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await session.send('Input.dispatchDragEvent', { type, x: 640, y: 450, data });
      }
      await expect(arrived).toHaveCount(1, { timeout: 5000 });
    }).toPass();
    await session.detach();
  }

  /** Drops files made by the test. */
  async dropBytes(files: Iterable<[name: string, bytes: Buffer]>, info: TestInfo): Promise<void> {
    const paths = [...files].map(([name, bytes]) => {
      const path = info.outputPath(name);
      writeFileSync(path, bytes);
      return path;
    });
    await this.drop(paths);
  }

  /** The number of drawn pixels of each curve's canvas. */
  curvePixels(): Promise<number[]> {
    return this.page.evaluate(() => {
      const view = document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-view')?.shadowRoot;
      const curves = view?.querySelector('lab-run-curves')?.shadowRoot;
      const charts = [...(curves?.querySelectorAll('lab-line-chart') ?? [])];
      return charts.map((chart) => {
        const canvas = chart.shadowRoot?.querySelector('canvas');
        // Read from a copy, since the chart's own canvas is not optimised for reading.
        const copy = new OffscreenCanvas(canvas?.width || 1, canvas?.height || 1);
        const context = copy.getContext('2d', { willReadFrequently: true });
        if (!canvas || !context) return 0;
        context.drawImage(canvas, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        // The curves are the only saturated colours on the canvas.
        let drawn = 0;
        for (let i = 0; i < data.length; i += 4) {
          const [r = 0, g = 0, b = 0, a = 0] = data.subarray(i, i + 4);
          if (a > 40 && Math.max(r, g, b) - Math.min(r, g, b) > 80) drawn += 1;
        }
        return drawn;
      });
    });
  }

  /**
   * Steps done by the latest unfinished run that the browser stores, and the size of its checkpoint in bytes; zeros if there is
   * none.
   */
  kept(): Promise<{ step: number; bytes: number }> {
    return this.page.evaluate(async () => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await done(indexedDB.open('convlab-unfinished'));
      try {
        if (!database.objectStoreNames.contains('runs')) return { step: 0, bytes: 0 };
        const runs = await done(database.transaction('runs').objectStore('runs').getAll());
        const latest = runs.sort((a, b) => b.savedAt - a.savedAt)[0];
        return { step: latest?.step ?? 0, bytes: latest?.checkpoint.size ?? 0 };
      } finally {
        database.close();
      }
    });
  }

  async keptSteps(): Promise<number> {
    return (await this.kept()).step;
  }

  async expectMessage(text: string | RegExp): Promise<void> {
    const message = this.messages.filter({ hasText: text });
    await expect(message).toHaveCount(1);
    await expect(message).toBeVisible();
  }
}

/**
 * What is right and read twice in a row: of a run that has just been paused the step under way still counts, and its checkpoint is
 * being stored.
 */
export async function settled<T>(read: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  let last: T | undefined;
  await expect
    .poll(
      async () => {
        const before = JSON.stringify(last);
        last = await read();
        return isRight(last) && JSON.stringify(last) === before;
      },
      { intervals: [500] },
    )
    .toBe(true);
  return last as T;
}

/** Selects the group of a view, and the view in it. */
export async function openView(page: Page, name: string): Promise<void> {
  const tab = TABS.find((one) => PAGE.views[one] === name);
  if (!tab) throw new Error(`There is no view “${name}”`);
  const group = groupOf(tab);
  await page.getByRole('tab', { name: PAGE.groups[group], exact: true }).click();
  if (viewsOf(group).length > 1) await page.getByRole('tab', { name, exact: true }).click();
}

interface Fixtures {
  lab: LabPage;
  /** Extra files of the site: `test.use({ extra: … })`. */
  extra: Extra;
  /** Console messages that a test expects; any other fails it. */
  expectedComplaints: RegExp[];
}

export const test = base.extend<Fixtures>({
  extra: [new Map(), { option: true }],
  expectedComplaints: [[], { option: true }],
  lab: async ({ page, extra, expectedComplaints }, use) => {
    // A test may add files; the next one has its own.
    const site = await serveSite(new Map(extra));
    const lab = new LabPage(page, site);
    await use(lab);
    const unexpected = lab.complaints.filter((text) => !expectedComplaints.some((expected) => expected.test(text)));
    await site.close();
    expect(unexpected, 'the console must stay clean').toEqual([]);
  },
});

export { expect };

/** Prints why a test is skipped, so that the reason is in the log too. */
export function skipLoudly(condition: boolean, why: string): void {
  if (condition) process.stderr.write(`SKIPPED: ${test.info().titlePath.slice(1).join(' › ')}: ${why}\n`);
  test.skip(condition, why);
}

/** Skips without a WebGPU adapter; with REQUIRE_GPU set the test fails instead. */
export async function needsGpu(page: Page): Promise<void> {
  const adapter = await page.evaluate(async () => {
    const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };
    return (await gpu?.requestAdapter()) != null;
  });
  if (process.env.REQUIRE_GPU) expect(adapter, 'REQUIRE_GPU is set, but there is no WebGPU adapter').toBe(true);
  skipLoudly(!adapter, 'no WebGPU adapter in this browser');
}

/** The worker that the page's engine runs in. */
export function labWorker(page: Page): Worker {
  const worker = page.workers().find((one) => /worker-/.test(one.url()));
  if (!worker) throw new Error('the page has no worker');
  return worker;
}

/** Opens the lab with the GPU selected, after `before` has prepared what observes the device. */
export async function openOnGpu(lab: LabPage, query: string, before: () => Promise<void>): Promise<void> {
  await lab.open(query.replace('engine=gpu', 'engine=cpu'));
  await needsGpu(lab.page);
  await before();
  await lab.page.getByRole('radio', { name: 'WebGPU' }).check();
}
