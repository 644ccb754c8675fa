/**
 * What must be visible and reachable: the run bar and the messages on any screen, the focus, and which run the figures belong to.
 */
import { expect, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu';
const QUICK = `${RUN}&epochs=1&train=200&test=50`;
const PHONE = { width: 390, height: 844 };

for (const viewport of [{ width: 1280, height: 900 }, PHONE]) {
  test(`a message is in sight however far the page is scrolled, at ${viewport.width} pixels`, async ({
    lab,
    page,
  }, info) => {
    await page.setViewportSize(viewport);
    await lab.open(`${QUICK}&tab=data`);
    await expect(page.getByText('Pixel values')).toBeVisible();
    await page.mouse.move(200, 400);
    await page.mouse.wheel(0, 5000);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(500);
    const picker = page.locator('lab-drop-zone input[type=file]');
    await picker.setInputFiles({ name: 'homework.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
    await expect(lab.messages).toBeInViewport({ ratio: 1 });
    await expect(lab.button('Start')).toBeInViewport({ ratio: 1 });
    await page.screenshot({ path: info.outputPath('message.png') });
    const boxes = await Promise.all([lab.messages, lab.run].map((part) => part.boundingBox()));
    const [message, bar] = boxes.map((box) => box ?? { y: 0, height: 0 });
    const apart = (message?.y ?? 0) + (message?.height ?? 0) <= (bar?.y ?? 0);
    const below = (bar?.y ?? 0) + (bar?.height ?? 0) <= (message?.y ?? 0);
    expect(apart || below, 'the message does not lie over the bar').toBe(true);
  });
}

test('on a phone Start is visible without scrolling, and starting keeps the scroll position', async ({ lab, page }) => {
  await page.setViewportSize(PHONE);
  await lab.open(`${RUN}&epochs=2&train=600&test=100`);
  await expect(lab.button('Start')).toBeInViewport({ ratio: 1 });
  const fold = page.getByRole('button', { name: 'Set-up' });
  await expect(fold).toContainText('MNIST: ten digits');
  await fold.click();
  await page.getByRole('textbox', { name: 'Seed' }).scrollIntoViewIfNeeded();
  await expect(lab.button('Start')).toBeInViewport({ ratio: 1 });
  await lab.start();
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByRole('tab', { name: 'Run' })).toBeInViewport({ ratio: 1 });
  await expect(page.locator('lab-line-chart').first()).toBeInViewport({ ratio: 0.5 });
});

test('the figures name their run after another experiment is selected', async ({ lab, page }) => {
  await lab.open(QUICK);
  await lab.start();
  await lab.finished();
  await expect(lab.status).not.toContainText('MNIST');
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('net-1');
  await expect(lab.status).toContainText('MNIST: ten digits');
  for (const view of ['Run', 'Results']) {
    await lab.tab(view);
    await expect(page.getByText(/These figures are of the run of “MNIST: ten digits.*“NET I/)).toBeVisible();
  }
  await lab.tab('Model');
  await expect(page.getByText('These figures are of the run of')).toHaveCount(0);
});

test('the main button keeps the focus when its label changes; Home and End go to either end of the tabs', async ({
  lab,
  page,
}) => {
  await lab.open(`${RUN}&epochs=20&train=2000&test=100`);
  await lab.button('Start').focus();
  for (const state of ['Training', 'Paused', 'Training']) {
    await page.keyboard.press('Enter');
    await expect(lab.state).toHaveText(state, { timeout: 60_000 });
  }
  await lab.button('Stop').focus();
  await page.keyboard.press('Enter');
  await expect(lab.state).toHaveText('Stopped');
  await expect(lab.button('Start again')).toBeFocused();

  const tabs = page.getByRole('tablist', { name: 'Views' }).getByRole('tab');
  await tabs.first().focus();
  await page.keyboard.press('End');
  await expect(tabs.last()).toBeFocused();
  await expect(tabs.last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Home');
  await expect(tabs.first()).toBeFocused();
});

test('figures are consistent with each other', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=20&train=1000&test=100`);
  await lab.tab('Model');
  const summary = page.getByRole('region', { name: 'Model summary' });
  await expect(summary.getByRole('row', { name: 'Input' })).toContainText('3.06 KB');
  const cells = await summary.locator('tbody td:last-child').allInnerTexts();
  const kilobytes = (text: string) => Number.parseFloat(text) / (text.endsWith('KB') ? 1 : 1024);
  const total = kilobytes(await summary.locator('tfoot td').last().innerText());
  expect(Math.abs(cells.map(kilobytes).reduce((a, b) => a + b) - total)).toBeLessThan(0.2);

  await lab.tab('Run');
  await lab.start();
  await expect(lab.epochRows.first()).toBeVisible({ timeout: 60_000 });
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  // The turn in progress may still report.
  await page.waitForTimeout(400);
  const rows = await lab.epochs();
  await lab.tab('Results');
  const analysis = page.locator('lab-analysis');
  await expect(analysis).toContainText(/the latest epoch so far|From there on the network overfits/);
  const [, epoch, gap, side] =
    /after epoch (\d+) .* it is ([\d.]+) (above|below) training loss/.exec(
      await analysis.locator('p').first().innerText(),
    ) ?? [];
  const [, loss = 0, , validation = 0] = rows.find(([number]) => number === Number(epoch)) ?? [];
  expect(Math.abs(Math.abs(validation - loss) - Number(gap))).toBeLessThan(2e-4);
  expect(side).toBe(validation < loss ? 'below' : 'above');

  await lab.tab('Inside');
  const output = page.locator('lab-activations lab-mosaic').last();
  await expect(output).toBeVisible();
  const values = await output.evaluate((mosaic) => [...((mosaic as unknown as { maps: number[][] }).maps[0] ?? [])]);
  expect(values).toHaveLength(10);
  expect(
    values.reduce((a, b) => a + b),
    'the output of a softmax is probabilities',
  ).toBeCloseTo(1, 5);
});
