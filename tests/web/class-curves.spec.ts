/** Curves of each class and the calibration, in the results view. */
import { expect, test } from './fixtures';
import { axeFindings } from './looks';

test('precision–recall, ROC and calibration of the test set', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=1500&test=300&tab=results');
  await lab.start();
  await lab.finished();
  await lab.button('Compute the curves').click();
  const card = page.locator('lab-class-curves');
  await expect(
    card.getByRole('heading', { name: /^Precision and recall: mean average precision 0\.\d{4}$/ }),
  ).toBeVisible();
  await expect(card.getByRole('heading', { name: /^ROC: mean area 0\.\d{4}$/ })).toBeVisible();
  await expect(card.getByRole('heading', { name: /^Calibration: expected error \(ECE\) [\d.]+\s%$/ })).toBeVisible();
  // A curve for each class in the first two plots; the ROC curves begin and end in the corners.
  const curves = await card
    .locator('polyline')
    .evaluateAll((lines) => lines.map((line) => line.getAttribute('points')?.split(' ') ?? []));
  expect(curves).toHaveLength(20);
  for (const roc of curves.slice(10)) {
    expect(roc[0]).toBe('30.0,208.0');
    expect(roc.at(-1)).toBe('230.0,8.0');
  }
  // A trained network finds each class far better than by chance.
  const areas = await card.locator('tbody tr td:last-child').allInnerTexts();
  expect(areas).toHaveLength(10);
  for (const area of areas.map(Number)) expect(area).toBeGreaterThan(0.6);
  await card.getByRole('combobox').selectOption('3');
  await expect(card.locator('polyline.chosen')).toHaveCount(2);
  expect(await axeFindings(page)).toEqual([]);
});
