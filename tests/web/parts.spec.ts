/** The engine comes in parts: what a run needs first is enough for it, and a part that cannot be had costs nothing else. */
import { expect, needsGpu, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&epochs=1&train=400&test=100';

test.use({ serviceWorkers: 'block', expectedComplaints: [/status of 404|Service Worker registration blocked/] });

test('a run needs the first part alone; what needs another says that it is missing, and has it once it is there', async ({
  lab,
  page,
}) => {
  lab.site.missing = /assets\/(later|gpu)-/;
  await lab.open(`${RUN}&engine=cpu`);
  await lab.start();
  await lab.finished();
  expect(lab.site.requests.filter((path) => /assets\/gpu-/.test(path))).toEqual([]);
  await lab.tab('Results');
  await lab.button('Weights (safetensors)').click();
  await lab.expectMessage(/A part of the engine could not be fetched \(the server answered 404\)/);

  lab.site.missing = null;
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Weights (safetensors)').click()]);
  expect(file.suggestedFilename()).toMatch(/\.safetensors$/);
});

test('without the part for the GPU a run there does not start, and one on the CPU does', async ({ lab, page }) => {
  await lab.open(`${RUN}&engine=cpu`);
  await needsGpu(page);
  lab.site.missing = /assets\/gpu-/;
  await page.getByRole('radio', { name: 'WebGPU' }).check();
  await lab.button('Start').click();
  await lab.expectMessage(/A part of the engine could not be fetched/);
  await page.getByRole('radio', { name: 'CPU' }).check();
  await lab.start();
  await lab.finished();

  lab.site.missing = null;
  await page.getByRole('radio', { name: 'WebGPU' }).check();
  await lab.start();
  await lab.finished();
  await lab.tab('Device');
  await expect(page.locator('lab-device-view')).toContainText('The last run used the WebGPU engine');
});

test('a GPU in software is used where it is asked for alone', async ({ lab, page }) => {
  await lab.open(`${RUN}&engine=auto`);
  await needsGpu(page);
  await lab.start();
  await lab.finished();
  await lab.tab('Device');
  await expect(page.locator('lab-device-view')).toContainText('The last run used the CPU engine');
  expect(lab.site.requests.filter((path) => /assets\/gpu-/.test(path))).toEqual([]);
});
