/** The cost sheet: the course's figures, three estimates of time, and whether the run fits into memory. */
import { expect, test } from './fixtures';

test('AlexNet compared with its sources, with the reasons for differences', async ({ lab, page }) => {
  // Not lab.open, which waits until a run can start.
  await page.goto(`${lab.site.url}?experiment=alexnet&tab=cost`);
  const sources = page.locator('lab-cost-sources');
  const row = (name: string) => sources.locator('tr', { has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('total parameters').locator('td')).toHaveText(['62,378,344', '62,378,344', '58,649,184', /\[\d\]/]);
  await expect(row('total values with normalisation').locator('td')).toHaveText([
    '1,049,571',
    '',
    '1,049,751',
    /\[\d\]/,
  ]);
  await expect(row('total multiplications').locator('td').first()).toHaveText('1,135,256,096');
  await expect(sources.locator('ol')).toContainText('swaps two digits');
  await expect(page.locator('lab-cost-layers tfoot')).toContainText('1,135,256,096');
  await expect(page.locator('lab-cost-layers')).toContainText('((11 · 11 · 3) + 1) · 96');

  // One image at one multiplication per cycle with a 3 GHz clock.
  const time = page.locator('lab-cost-time');
  await expect(time).toContainText(/378.ms/);
  await expect(time.getByLabel('Images')).toHaveAttribute('placeholder', '10000');
  await expect(time.getByLabel('Epochs')).toHaveAttribute('placeholder', '15');
  // The source's case: an i3 at 2.5 GHz.
  await time.getByLabel('Clock, GHz').fill('2.5');
  await time.getByLabel('Clock, GHz').press('Enter');
  // 1 135 256 096 · 150 000 / 2.5e9 seconds.
  await expect(time).toContainText(/18.h 55.min/);
  await expect(time).toContainText('It cannot be trained to the end here');
  // Each of the devices: its clock, its cores, and whether a training step fits into its memory.
  const device = (label: string) => time.getByLabel('Device').selectOption({ label });
  const clock = time.getByLabel('Clock, GHz');
  const cores = time.getByRole('textbox', { name: 'Cores' });
  await device('i3 of the course: 3.06 GHz, 2.5 free');
  await expect(clock).toHaveValue('2.5');
  await expect(cores).toHaveValue('2');
  await expect(time).toContainText(/Two cores, four threads, 4 GB.*Training in batches of \d+ needs/);
  // 1 135 256 096 ÷ (2.5e9 · 2) seconds.
  await expect(time).toContainText(/One image, forward\s*227.ms/);
  await device('a phone: 2 GHz, 4 fast cores');
  await expect(clock).toHaveValue('2');
  await expect(cores).toHaveValue('4');
  await expect(time).toContainText(/becomes slower as it gets warm.*Training in batches of \d+ needs/);
  await expect(time).toContainText(/One image, forward\s*14[12].ms/);
  await device('this device');
  await expect(cores).toHaveValue(String(await page.evaluate(() => navigator.hardwareConcurrency)));
  await expect(time).toContainText('a page cannot read its clock, so enter it');
  await expect(time).not.toContainText(/Training in batches of \d+ needs/);
});

test('AlexNet: both answers to the question of time beside ours', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}?experiment=alexnet&tab=cost`);
  const times = page.locator('lab-cost-times');
  const row = (name: string) =>
    times.locator('tr', { has: page.getByRole('rowheader', { name, exact: true }) }).locator('td');
  const start = (name: string) => row(name).first();
  await expect(row('counted per image').nth(0)).toHaveText('1,049,751');
  await expect(row('counted per image').nth(1)).toHaveText('1,135,256,096');
  await expect(row('counted per image').nth(2)).toHaveText('3,405,768,288');
  await expect(start('taken for instructions')).toHaveText('31,492,530');
  await expect(start('time per image')).toHaveText('0.012597 s');
  await expect(row('time per image').nth(1)).toHaveText('0.37842 s');
  await expect(start('time of 10,000 images')).toHaveText('125.97 s');
  await expect(start('on two cores with four threads, at least')).toHaveText('40 s');
  await expect(start('on two cores with four threads, at most')).toHaveText('60 s');
  await expect(start('memory of 30 passes')).toHaveText('126 MB');
  await expect(times).toContainText('differ a thousandfold because');
  await expect(times).toContainText('The second is nearer to a measurement');
});

test('AlexNet is run and measured: a few real steps on random images, extrapolated with an error bar', async ({
  lab,
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto(`${lab.site.url}?experiment=alexnet&engine=cpu&tab=cost`);
  const time = page.locator('lab-cost-time');
  await time.getByRole('button', { name: 'Measure now' }).first().click({ timeout: 60_000 });
  const measured = time.locator('dl').nth(1).locator('div');
  await expect(measured.first()).toContainText('±', { timeout: 200_000 });
  // The step, an epoch of 10,000 images, and all 15 of them, each with its error.
  await expect(measured).toHaveText([
    /A step of 4 images\s*[\d.]+.*s ± [\d.]+.*s/,
    /An epoch \(2,500 steps\)\s*[\d.]+.*(s|min|h) ± [\d.]+.*(s|min|h)/,
    /The whole run\s*[\d.]+.*(s|min|h|d) ± [\d.]+.*(s|min|h|d)/,
    /Measured on\s*CPU:/,
  ]);
  // The same beside the published answers, for an image.
  const row = page.locator('lab-cost-times tbody tr').last();
  await expect(row).toContainText('measured here: one image of a training step');
  await expect(row.locator('td').nth(2)).toHaveText(/^[\d., ]+ ms ± [\d., ]+ ms$/);
  const perImage = Number.parseFloat((await row.locator('td').nth(2).innerText()).replaceAll(',', ''));
  const step = await measured.first().locator('dd').innerText();
  const unit = /^[\d.]+.ms/.test(step) ? 1 : 1000;
  expect((4 * perImage) / (Number.parseFloat(step) * unit)).toBeCloseTo(1, 1);
});

test('a cost sheet does not offer to train', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}?experiment=alexnet`);
  await expect(page.locator('lab-setup')).toContainText('is a cost sheet', { timeout: 30_000 });
  await expect(lab.button('Start')).toBeDisabled();
  await lab.tab('Data');
  await expect(page.locator('lab-drop-zone')).toHaveCount(0);
  await lab.tab('Model');
  await expect(page.locator('lab-model-view tfoot')).toContainText('2.27');
  await page.getByRole('button', { name: 'Open the cost sheet' }).click();
  await expect(page.locator('lab-cost-memory')).toContainText(/the CPU engine [\d.]+.GB on \d+ cores?/);
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('mnist-10');
  await expect(lab.button('Start')).toBeEnabled();
});

test('another network, another batch: memory, and whether it fits', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&data=synthetic&engine=cpu&tab=cost');
  await page.getByRole('combobox', { name: 'Cost sheet of' }).selectOption('plain-18');
  const tiles = page.locator('lab-cost-view .tiles');
  await expect(tiles).toContainText('549.2');
  const training = () => tiles.locator('.tile').last().locator('dd').innerText();
  const small = Number.parseFloat(await training());
  await page.getByRole('textbox', { name: 'Batch size' }).last().fill('60000');
  await page.getByRole('textbox', { name: 'Batch size' }).last().press('Enter');
  await expect(page.locator('lab-cost-memory')).toContainText('CPU: no.');
  await expect(page.locator('lab-cost-memory')).toContainText(/A batch of [\d,]+ would fit/);
  expect(Number.parseFloat(await training())).not.toBe(small);
  await page.getByRole('textbox', { name: 'Batch size' }).last().fill('none');
  await page.getByRole('textbox', { name: 'Batch size' }).last().press('Enter');
  await lab.expectMessage('Batch size must be a whole number above zero. Received: “none”.');
  await expect(page.getByRole('combobox', { name: 'Experiment' })).toHaveValue('mnist-10');
});

test('measured here: a step, an epoch, the run, each with an error bar, and the roofline of this device', async ({
  lab,
  page,
}) => {
  await lab.open('?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=2000&tab=cost');
  const time = page.locator('lab-cost-time');
  await time.getByRole('button', { name: 'Measure now' }).click();
  await expect(time).toContainText(/A step of 20 images\s*[\d.]+.ms ± [\d.]+.[mµ]s/, { timeout: 60_000 });
  await expect(time).toContainText('An epoch (100 steps)');
  await expect(time).toContainText('CPU:');
  await expect(time).toContainText(/[\d.,]+ GFLOP\/s, [\d.,]+ GB\/s/);
  await expect(time).toContainText(/Layers limited by memory\s*\d+ of \d+/);
  // The measured speed cannot be much higher than the roofline.
  const reached = await time
    .locator('div', { hasText: 'Reached, as a share of the best' })
    .last()
    .locator('dd')
    .innerText();
  expect(Number.parseFloat(reached)).toBeGreaterThan(0);
  expect(Number.parseFloat(reached)).toBeLessThan(150);
  // The measurement is one of this network in this batch.
  const sheet = page.getByRole('combobox', { name: 'Cost sheet of' });
  await sheet.selectOption('mnist-4');
  await expect(time).not.toContainText('An epoch (');
  await sheet.selectOption('');
  await expect(time).toContainText('An epoch (100 steps)');
  await page.getByRole('textbox', { name: 'Batch size' }).last().fill('40');
  await page.getByRole('textbox', { name: 'Batch size' }).last().press('Enter');
  await expect(time).not.toContainText('An epoch (');
});

test('the cost of a depthwise separable convolution with the student’s numbers', async ({ lab, page }) => {
  await lab.open('?experiment=mobile-18&tab=cost');
  const card = page.locator('lab-cost-separable');
  await expect(card).toContainText('73,728');
  await card.getByLabel('D, kernel size').fill('5');
  await card.getByLabel('N, output channels').fill('256');
  await card.getByLabel('N, output channels').press('Enter');
  // 5² · 64 · 256, and 5² · 64 + 64 · 256.
  await expect(card).toContainText('409,600');
  await expect(card).toContainText('1,600 + 16,384 = 17,984');
  await card.getByLabel('M, input channels').fill('-3');
  await card.getByLabel('M, input channels').press('Enter');
  await lab.expectMessage('M, input channels must be a whole number above zero. Received: “-3”.');
});
