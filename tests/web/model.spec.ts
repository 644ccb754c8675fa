/** The model view: layers are changed by forms, errors are shown at their layer, changes are undone, the JSON follows. */
import { expect, type LabPage, test } from './fixtures';

const OPEN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=200&test=50&tab=model';

const json = async (lab: LabPage) =>
  JSON.parse(await lab.page.getByLabel('Experiment, as JSON').inputValue()) as {
    layers: Record<string, unknown>[];
    [key: string]: unknown;
  };
const layers = async (lab: LabPage) => (await json(lab)).layers.map(({ type }) => type);
const row = (lab: LabPage, name: string) => lab.page.locator('lab-layer-list').getByRole('button', { name }).first();
const total = (lab: LabPage) => lab.page.locator('lab-model-view .totals dd').first();

test('a layer’s options change the network, its costs and its JSON, and can be undone', async ({ lab, page }) => {
  await lab.open(OPEN);
  await expect(total(lab)).toHaveText('6,270');
  await row(lab, 'conv2d').click();
  await page.getByLabel('conv2d: filters').fill('4');
  await page.getByLabel('conv2d: filters').press('Enter');
  await expect(page.locator('lab-model-view .totals')).toContainText('preset: 6,270');
  expect((await json(lab)).layers[0]).toMatchObject({ type: 'conv2d', filters: 4 });
  await expect(page.locator('lab-model-view tbody tr', { hasText: 'conv2d' }).first()).toContainText(
    '(None, 22, 22, 4)',
  );

  await lab.button('Undo').click();
  await expect(total(lab)).toHaveText('6,270');
  await lab.button('Redo').click();
  await expect(page.locator('lab-model-view tbody tr', { hasText: 'conv2d' }).first()).toContainText(
    '(None, 22, 22, 4)',
  );
  await page.keyboard.press('Control+z');
  await expect(total(lab)).toHaveText('6,270');
  await expect(lab.button('Undo')).toBeDisabled();
});

test('layers are added, moved and removed, and the changed network trains', async ({ lab, page }) => {
  await lab.open(OPEN);
  await row(lab, 'conv2d').click();
  await page.getByLabel('Type of the new layer').selectOption('BatchNormalization');
  await lab.button('Add after layer 1').click();
  const first = async () => (await layers(lab)).slice(0, 3);
  await expect.poll(first).toEqual(['conv2d', 'batch_normalization', 'max_pooling2d']);
  await lab.button('Move batch_normalization down').click();
  await expect.poll(first).toEqual(['conv2d', 'max_pooling2d', 'batch_normalization']);
  await row(lab, 'average_pooling2d').click();
  await lab.button('Remove average_pooling2d').click();
  await expect.poll(() => layers(lab)).not.toContain('average_pooling2d');
  await expect(page.locator('lab-layer-list [role=alert]')).toHaveCount(0);
  await lab.start();
  await lab.finished();
  await expect(page.getByRole('heading', { name: /\(changed\)/ })).toBeVisible();
});

test('a layer that the small engine lacks loads the extended engine; the data set and earlier runs stay', async ({
  lab,
  page,
}) => {
  const engines = new Set<string>();
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) engines.add(request.url());
  });
  await lab.open(OPEN);
  await lab.start();
  await lab.finished();
  const small = engines.size;
  await row(lab, 'average_pooling2d').click();
  await page.getByLabel('Type of the new layer').selectOption('GlobalMaxPooling2D');
  await lab.button('Add after layer 6').click();
  await expect.poll(() => layers(lab)).toContain('global_max_pooling2d');
  await expect(total(lab)).toHaveText('4,350');
  expect(engines.size).toBeGreaterThan(small);
  await lab.start();
  await lab.finished();
  await expect(page.getByRole('heading', { name: /\(changed\)/ })).toBeVisible();
});

test('an error of a layer is shown at that layer, and the run does not start', async ({ lab, page }) => {
  await lab.open(OPEN);
  await row(lab, 'conv2d_1').click();
  const kernel = page.getByLabel('conv2d_1: kernel_size');
  await kernel.fill('77');
  await kernel.press('Enter');
  const wrong = page.locator('lab-layer-list li.wrong');
  await expect(wrong).toContainText('conv2d_1');
  await expect(wrong.getByRole('alert')).toContainText('77');
  await expect(lab.button('Start')).toBeDisabled();
  await expect(lab.run.locator('.error')).toHaveText(/conv2d_1.*77/);
  await expect(lab.state).toHaveText('Ready');
  await kernel.fill('many');
  await kernel.press('Enter');
  await expect(wrong.getByRole('alert')).toContainText('many');
  await kernel.fill('3');
  await kernel.press('Enter');
  await expect(wrong).toHaveCount(0);
  await lab.start();
  await lab.finished();
});

test('optimizer, schedule, early stopping, augmentation and regularizers are set by form', async ({ lab, page }) => {
  await lab.open(OPEN);
  await page.getByLabel('Optimizer', { exact: true }).selectOption('sgd');
  await page.getByLabel('Optimizer: momentum').fill('0.8');
  await page.getByLabel('Optimizer: momentum').press('Enter');
  await page.getByLabel('Learning-rate schedule', { exact: true }).selectOption('cosine_decay');
  await page.getByLabel('Early stopping', { exact: true }).selectOption('on');
  await lab.button('Add random_flip').click();
  await page.getByLabel('batch_size', { exact: true }).fill('10');
  await page.getByLabel('batch_size', { exact: true }).press('Enter');
  await row(lab, 'dense').click();
  await page.getByLabel('dense: kernel_regularizer, l2').fill('0.01');
  await page.getByLabel('dense: kernel_regularizer, l2').press('Enter');
  const penalty = { kernel_regularizer: { l2: 0.01 } };
  await expect.poll(async () => (await json(lab)).layers.at(-1)).toMatchObject(penalty);
  expect(await json(lab)).toMatchObject({
    optimizer: { type: 'sgd', learning_rate: 0.01, momentum: 0.8 },
    learning_rate_schedule: { type: 'cosine_decay', decay_steps: 10000 },
    early_stopping: { patience: 5, restore_best_weights: true },
    augmentation: [{ type: 'random_flip' }],
    batch_size: 10,
  });
  await page.getByLabel('Optimizer: momentum').fill('2');
  await page.getByLabel('Optimizer: momentum').press('Enter');
  await expect(page.locator('lab-training-editor [role=alert]')).toContainText('momentum');
  const momentum = page.getByLabel('Optimizer: momentum');
  await expect(momentum).toHaveAccessibleDescription(/share of the last step.* Give a number: at least 0, below 1\.$/);
  await expect(momentum).toHaveAttribute('aria-invalid', 'true');
  await lab.button('Undo').click();
  await expect(page.locator('lab-training-editor [role=alert]')).toHaveCount(0);
  await expect(momentum).toHaveAccessibleDescription(/below 1\.$/);
  await expect(momentum).toHaveAttribute('aria-invalid', 'false');
  await lab.start();
  await lab.finished();
});

test('applied JSON is shown in the forms', async ({ lab, page }) => {
  await lab.open(OPEN);
  const editor = page.getByLabel('Experiment, as JSON');
  await editor.fill((await editor.inputValue()).replace('"filters": 16', '"filters": 5'));
  // What is not applied yet, and pasted code, are still there after another view.
  await page.getByLabel('Keras code').fill('model = 1');
  await lab.tab('Run');
  await lab.tab('Model');
  await expect(editor).toHaveValue(/"filters": 5/);
  await expect(page.getByText('not applied yet')).toBeVisible();
  await expect(page.getByLabel('Keras code')).toHaveValue('model = 1');
  await lab.button('Apply').click();
  await expect(page.getByText('not applied yet')).toHaveCount(0);
  await row(lab, 'conv2d').click();
  await expect(page.getByLabel('conv2d: filters')).toHaveValue('5');
  await lab.button('Undo').click();
  await expect(page.getByLabel('conv2d: filters')).toHaveValue('16');
});

test('branches are drawn, and a click on a block opens its layer', async ({ lab, page }) => {
  await lab.open('?experiment=residual-18&data=synthetic&engine=cpu&tab=model');
  const drawing = page.locator('lab-network svg');
  await expect(drawing).toHaveAttribute('aria-label', /30 blocks.*5 skip connections/);
  await drawing.locator('g.block').nth(3).locator('rect').click();
  await expect(page.getByLabel('s1b1_2: filters')).toBeVisible();
});
