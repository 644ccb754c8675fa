/** The inside view: filters, activations, gradients and dead units over the run, histograms; during a pause and after. */
import { expect, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=1200&test=200&tab=inside';

test('before a run the view is empty; after it there are filters, maps, norms and weights', async ({ lab, page }) => {
  await lab.open(RUN);
  await expect(page.getByText('Nothing to show yet')).toBeVisible();
  await lab.start();
  await lab.finished();
  await expect(page.getByText('The network after 3 epochs.')).toBeVisible();
  // Sixteen filters of 7 × 7, one pixel between them.
  const filters = page.getByRole('img', { name: 'Filters of conv2d' });
  await expect(filters).toBeVisible();
  const [width, height] = await filters.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
  expect(((width ?? 0) / 8) * ((height ?? 0) / 8)).toBeGreaterThanOrEqual(16);

  await expect(page.getByRole('img', { name: 'Feature maps of conv2d: 16', exact: true })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Feature maps of dense: 1', exact: true })).toBeVisible();
  const drawn = await page
    .getByRole('img', { name: 'Feature maps of conv2d: 16', exact: true })
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(data).size;
    });
  expect(drawn, 'the maps are not one colour').toBeGreaterThan(20);

  const rows = page.locator('lab-health-table tbody tr');
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('conv2d');
  expect(Number.parseFloat(await rows.first().locator('td').first().innerText())).toBeGreaterThan(0);
  // Before the first step and after each epoch.
  const points = await rows.first().locator('polyline').first().getAttribute('points');
  expect(points?.split(' ').length).toBeGreaterThanOrEqual(4);
  await expect(page.getByRole('img', { name: /conv2d\.kernel: 784 values, mean/ })).toBeVisible();
});

test('another image has other activations, and a pause shows the network at that moment', async ({ lab, page }) => {
  await lab.open(RUN.replace('epochs=3', 'epochs=50'));
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  const maps = page.getByRole('img', { name: 'Feature maps of conv2d: 16', exact: true });
  await expect(maps).toBeVisible();
  const image = () => maps.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const first = await image();
  await lab.button('Next').click();
  await expect.poll(image).not.toBe(first);
  await expect(page.getByLabel('Number of the test image to look at, from 0')).toHaveValue('1');
  await lab.button('First').click();
  await expect.poll(image).toBe(first);
});
