/** Every view with content: what a view shows only when asked is asked for, and then it is looked at on every screen. */
import type { TestInfo } from '@playwright/test';
import { expect, type LabPage } from './fixtures';
import { captionsCut, clipped, expectSound } from './looks';

/** A value's arithmetic with the images that activate its channel most, and a map of what the prediction depends on. */
async function fillInside(lab: LabPage): Promise<void> {
  const { page } = lab;
  const mosaic = page.locator('lab-activations lab-mosaic canvas').first();
  await expect(mosaic).toBeVisible({ timeout: 60_000 });
  await mosaic.click({ position: { x: 12, y: 9 } });
  await lab.button('Find them').click();
  await expect(page.locator('lab-strongest lab-image').first()).toBeVisible({ timeout: 60_000 });
  await lab.button('Show the map').click();
  await expect(page.locator('lab-explanation lab-mosaic')).toBeVisible({ timeout: 60_000 });
}

/** Opens a view after a run, with everything in it that it can show. */
export async function openFilled(lab: LabPage, view: string): Promise<void> {
  const { page } = lab;
  await lab.tab(view);
  await expect(page.getByRole('tabpanel')).toBeVisible();
  if (view === 'Inside') await fillInside(lab);
  if (view === 'Predictions')
    await expect(page.locator('lab-gallery lab-image').first()).toBeVisible({ timeout: 60_000 });
  if (view === 'Results') await expect(page.locator('lab-confusion tbody tr').first()).toBeVisible();
  if (view !== 'Embedding') return;
  await lab.button('Lay out').click();
  await expect(page.locator('lab-scatter')).toBeVisible({ timeout: 60_000 });
}

/** After a run: each view at three widths and in both schemes; nothing is cut off or misplaced, and axe finds nothing. */
export async function expectEveryViewSound(lab: LabPage, name: string, info: TestInfo): Promise<void> {
  const { page } = lab;
  for (const view of lab.views) {
    await openFilled(lab, view);
    await expectSound(page, `${name}-${view}`, info);
    for (const width of [390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(() => clipped(page), `${view} at ${width} px`).toEqual([]);
      await expect.poll(() => captionsCut(page), `${view} at ${width} px`).toEqual([]);
    }
  }
}
