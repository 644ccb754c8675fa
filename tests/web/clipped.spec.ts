/** No label, caption or cell is cut off, at the widths of a laptop, a tablet and a phone. A wide table scrolls, and shows that. */
import { expect, test } from './fixtures';
import { captionsCut, clipped } from './looks';
import { openFilled } from './views';

/** Long class names: airplane, automobile, … */
const RUN = '?experiment=net-1&data=synthetic&engine=cpu&epochs=2&train=300&test=120&batch=60';
const WIDTHS = [1280, 768, 390];

for (const width of WIDTHS) {
  test(`at ${width} px every text of every view is whole`, async ({ lab, page }) => {
    test.setTimeout(400_000);
    await page.setViewportSize({ width, height: 900 });
    await lab.open(RUN);
    await lab.start();
    await lab.finished();
    for (const view of lab.views) {
      await openFilled(lab, view);
      await page.waitForTimeout(300);
      expect(await clipped(page), `${view} at ${width} px`).toEqual([]);
      expect(await captionsCut(page), `${view} at ${width} px`).toEqual([]);
    }
  });
}

test('AlexNet’s network and its cost are whole at every width', async ({ lab, page }) => {
  test.setTimeout(120_000);
  // Not lab.open, which waits until a run can start.
  await page.goto(`${lab.site.url}?experiment=alexnet&tab=model`);
  for (const view of ['Model', 'Cost']) {
    await lab.tab(view);
    const shown =
      view === 'Model' ? page.locator('lab-model-view .network svg') : page.locator('lab-cost-layers table');
    await expect(shown.first()).toBeVisible({ timeout: 60_000 });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(() => clipped(page), `${view} at ${width} px`).toEqual([]);
      await expect.poll(() => captionsCut(page), `${view} at ${width} px`).toEqual([]);
    }
  }
});

test('four runs side by side in Compare are whole at every width', async ({ lab, page }) => {
  test.setTimeout(180_000);
  for (const [i, batch] of [60, 50, 40, 30].entries()) {
    await lab.open(RUN.replace('epochs=2', 'epochs=1').replace('batch=60', `batch=${batch}`));
    await lab.start();
    await lab.finished();
    await lab.tab('Compare');
    await expect(page.locator('lab-runs-table tbody tr')).toHaveCount(i + 1);
  }
  // A row for each run, since a column for each would be wider than the page.
  const table = page.locator('lab-compare-table table.rows');
  await expect(table.locator('tbody th')).toHaveCount(4);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => clipped(page), `four runs at ${width} px`).toEqual([]);
    await expect.poll(() => captionsCut(page), `four runs at ${width} px`).toEqual([]);
    // The fourth run's last figure is in sight, or its table scrolls to it.
    const last = table.locator('tbody tr').nth(3).locator('td').last();
    // Charts above it take their height a moment later, and move it.
    await expect(async () => {
      await last.scrollIntoViewIfNeeded();
      await expect(last).toBeInViewport({ ratio: 0.9, timeout: 500 });
    }).toPass({ timeout: 20_000 });
  }
});

test('a caption that is cut off, or lies over another one, is found', async ({ page }) => {
  await page.setContent(`<svg viewBox="0 0 100 20" width="100" height="20" style="overflow: hidden">
    <text x="2" y="14" font-size="8">whole</text><text x="80" y="14" font-size="8">cut off here</text></svg>
    <svg viewBox="0 0 100 20" width="100" height="20"><text x="2" y="14" font-size="8">first</text>
    <text x="12" y="14" font-size="8">second</text><text x="60" y="14" font-size="8">third</text></svg>`);
  expect(await captionsCut(page)).toEqual([
    expect.stringMatching(/px of the caption “cut off here” are outside/),
    'the captions “first” and “second” lie over one another',
  ]);
});

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
