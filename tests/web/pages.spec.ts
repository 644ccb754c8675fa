/** The written pages: the lesson from guess to submission, checked by the command line; offline; every screen; axe. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, skipLoudly, test } from './fixtures';
import { announcements, axeFindings, expectFits, expectLooks, misplaced } from './looks';
import { CONVLAB, verify } from './verify';

const ROOT = resolve(import.meta.dirname, '../..');
test('the lesson’s homework: guess, run, hand in, and the file is confirmed', async ({ lab, page }, info) => {
  await page.goto(`${lab.site.url}course.html`);
  const homework = page.locator('conv-lab[locked]');
  await homework.scrollIntoViewIfNeeded();
  await homework.getByLabel('My guess, in per cent').fill('90', { timeout: 40_000 });
  await homework.getByRole('button', { name: 'That is my guess' }).click();
  await homework.getByRole('button', { name: 'Start' }).click();
  await homework.getByLabel('Your name').fill('Ada Lovelace', { timeout: 80_000 });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    homework.getByRole('button', { name: 'Download the submission' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('too-fast-Ada-Lovelace-submission.json');
  const path = await file.path();
  const submission = JSON.parse(readFileSync(path, 'utf8'));
  expect(submission).toMatchObject({
    student: 'Ada Lovelace',
    guess: 0.9,
    experiment: { name: 'too-fast' },
    history: { engine: 'cpu', build: 'simd128' },
    data: { name: 'synthetic_digits', train: 2000, test: 500 },
  });
  expect(submission.report).toContain('Test');

  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  expect(verify(path)).toMatchObject({ verdict: 'confirmed', exact: true, student: 'Ada Lovelace' });
  submission.test.test_accuracy = 0.93;
  const tampered = info.outputPath('tampered.json');
  writeFileSync(tampered, JSON.stringify(submission));
  expect(verify(tampered)).toMatchObject({ verdict: 'refuted' });
});

test('after one visit the site works offline; a new deploy is visible at the next load', async ({ lab, page }) => {
  await page.goto(lab.site.url);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.context().setOffline(true);
  for (const path of ['', 'course.html', 'embed.html?experiment=mnist-10&data=synthetic&epochs=1&train=200&test=50']) {
    await page.goto(lab.site.url + path);
    await expect(page.locator('conv-lab').first()).toBeVisible();
  }
  await page.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(page.locator('.state')).toHaveText('Finished', { timeout: 60_000 });

  await page.context().setOffline(false);
  const html = readFileSync(join(ROOT, 'www/dist/docs.html'), 'utf8');
  lab.site.extra.set(
    'docs.html',
    Buffer.from(html.replace('Embed Convlab in a course page</h1>', 'A later deploy</h1>')),
  );
  await page.goto(`${lab.site.url}docs.html`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A later deploy');
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the written pages look right on every screen, and axe finds nothing (${scheme})`, async ({
    lab,
    page,
  }, info) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const name of ['course', 'docs', 'embed']) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${lab.site.url}${name}.html?experiment=mnist-10&data=synthetic&guess`);
      await expect(page.locator('conv-lab .card, conv-lab lab-card').first()).toBeVisible({ timeout: 40_000 });
      await expect(page.locator('lab-line-chart').first()).toBeVisible({ timeout: 40_000 });
      for (const width of [1280, 768, 390, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const what = `${name} at ${width} px`;
        await expectFits(page, what);
        expect(await misplaced(page), what).toEqual([]);
        if (width === 360) continue;
        await expectLooks(page, scheme, `${name}-${width}`, info);
        if (width !== 768) expect(await axeFindings(page), what).toEqual([]);
      }
    }
  });
}

test('the main thread is never busy for 50 ms while a lab trains', async ({ lab, page }) => {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
  await page.goto(
    `${lab.site.url}embed.html?experiment=mnist-10&data=synthetic&engine=cpu&epochs=4&train=2000&test=200`,
  );
  await page.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(page.locator('.state')).toHaveText('Training', { timeout: 40_000 });
  // Tasks before this are from loading.
  await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
  await expect(page.locator('.state')).toHaveText('Finished', { timeout: 80_000 });
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  expect(tasks, 'long tasks, in ms').toEqual([]);
});

test('a screen reader announces one sentence per epoch', async ({ lab, page }) => {
  await page.goto(
    `${lab.site.url}embed.html?experiment=mnist-10&data=synthetic&engine=cpu&epochs=2&train=4000&test=50`,
  );
  const announced = await announcements(page);
  await page.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await expect(page.locator('.state')).toHaveText('Finished', { timeout: 80_000 });
  const figures = String.raw`: loss [\d.]+, accuracy [\d.]+.*`;
  const story = new RegExp(`Epoch 1 of 2${figures}Epoch 2 of 2${figures}Training finished. Test accuracy`);
  await expect.poll(async () => (await announced()).join(' ')).toMatch(story);
  await page.getByText('The curves as a table').click();
  await expect(page.getByRole('region', { name: 'Epochs' }).getByRole('row')).toHaveCount(3);
});
