/** No label, caption or cell is cut off, at the widths of a laptop, a tablet and a phone. A wide table scrolls, and shows that. */
import { expect, test } from './fixtures';
import { clipped } from './looks';

/** Long class names: airplane, automobile, … */
const RUN = '?experiment=net-1&data=synthetic&engine=cpu&epochs=2&train=300&test=120&batch=60';
const WIDTHS = [1280, 768, 390];

for (const width of WIDTHS) {
  test(`at ${width} px every text of every view is whole`, async ({ lab, page }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height: 900 });
    await lab.open(RUN);
    await lab.start();
    await lab.finished();
    for (const view of lab.views) {
      await lab.tab(view);
      await page.waitForTimeout(300);
      const predict = lab.button('Predict the test set');
      if (await predict.isVisible()) {
        await predict.click();
        await expect(page.locator('lab-gallery lab-image').first()).toBeVisible({ timeout: 30_000 });
      }
      expect(await clipped(page), `${view} at ${width} px`).toEqual([]);
    }
  });
}

test('the confusion matrix is white where nothing is, and the darker the more', async ({ lab, page }) => {
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const cells = await page.locator('lab-confusion tbody td').evaluateAll((cells) =>
    cells.map((cell) => {
      const [r = 0, g = 0, b = 0] = (getComputedStyle(cell).backgroundColor.match(/\d+/g) ?? []).map(Number);
      return { count: Number(cell.textContent?.trim() || 0), light: r + g + b };
    }),
  );
  expect(cells).toHaveLength(100);
  for (const { count, light } of cells) {
    if (count === 0) expect(light).toBe(3 * 255);
    else expect(light).toBeLessThan(3 * 255);
  }
  const names = await page.locator('lab-confusion thead th').allInnerTexts();
  expect(names.some((name) => name.length > 5)).toBe(true);
});

test('an invalid layer greys the drawing and disables Start, until it is valid again', async ({ lab, page }) => {
  await lab.open(`${RUN}&tab=model`);
  const drawing = page.locator('lab-model-view .network');
  await expect(drawing).toBeVisible();
  const editor = page.getByLabel('Experiment, as JSON');
  await page.evaluate(() => {
    const lab = document.querySelector('conv-lab') as unknown as {
      lab: { document: object; edit(spec: unknown): void };
    };
    const document_ = structuredClone(lab.lab.document) as { layers: { kernel_size?: number }[] };
    (document_.layers[0] as { kernel_size: number }).kernel_size = 99;
    lab.lab.edit(document_);
  });
  await expect(lab.button('Start')).toBeDisabled();
  await expect(lab.run.locator('.error')).toContainText('conv2d');
  await expect(drawing).toHaveCSS('filter', 'grayscale(1)');
  await expect(editor).toBeVisible();
  await lab.button('Back to the preset').click();
  await expect(lab.button('Start')).toBeEnabled();
  await expect(drawing).toHaveCSS('filter', 'none');
});
