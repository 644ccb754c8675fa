/**
 * How long a folder of 2,000 photographs takes to load, and how much memory. It measures this machine, so it runs only when asked:
 * `python tests/bench/photographs.py DIR`, then `CONVLAB_PHOTOGRAPHS=DIR npx playwright test --config tests/web/playwright.config.ts
 * photographs.spec.ts`.
 */
import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import { expect, skipLoudly, test } from './fixtures';

const folder = process.env.CONVLAB_PHOTOGRAPHS;
const MOST_SECONDS = 60;
const MOST_BYTES = 1e9;

/** The page's processes with their workers, from now on: the largest resident memory, and the processor time of all. Linux only. */
async function watchUse(browser: Browser): Promise<() => { bytes: number; cpuSeconds: number }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const read = (pid: number, what: 'status' | 'stat'): string => {
    try {
      return readFileSync(`/proc/${pid}/${what}`, 'utf8');
    } catch {
      return ''; // The process has ended.
    }
  };
  const resident = (pid: number) => 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0);
  /** Fields 14 and 15 after the name, in hundredths of a second. */
  const ticks = (pid: number) => {
    const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  };
  const allTicks = () => renderers.reduce((sum, pid) => sum + ticks(pid), 0);
  const before = allTicks();
  let bytes = 0;
  const timer = setInterval(() => {
    bytes = Math.max(bytes, ...renderers.map(resident));
  }, 100);
  return () => {
    clearInterval(timer);
    return { bytes, cpuSeconds: (allTicks() - before) / 100 };
  };
}

test('2,000 photographs of one megapixel are loaded within a minute and a gigabyte', async ({
  lab,
  page,
  browser,
}, info) => {
  skipLoudly(!folder, 'it takes minutes; name a folder of photographs: CONVLAB_PHOTOGRAPHS=DIR');
  test.setTimeout(600_000);
  await lab.open('?experiment=net-1&engine=cpu&tab=data');
  await lab.button('Use my own images').click();
  const use = await watchUse(browser);
  const began = performance.now();
  await page.locator('lab-drop-zone input[name=folder]').setInputFiles(folder ?? '');
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible({ timeout: 500_000 });
  const seconds = (performance.now() - began) / 1000;
  const { bytes, cpuSeconds } = use();
  const figures = `${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB, ${cpuSeconds.toFixed(1)} s of processor time`;
  info.annotations.push({ type: 'photographs', description: figures });
  process.stderr.write(`2,000 photographs: ${figures}\n`);
  expect(seconds).toBeLessThan(MOST_SECONDS);
  expect(bytes).toBeLessThan(MOST_BYTES);
});
