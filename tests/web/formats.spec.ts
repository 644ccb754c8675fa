/** Files of other programs: a run leaves as .keras, ONNX and a state_dict, and comes back with the same figures. */
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=600&test=100&epochs=2';

test('a trained network leaves for other tools and comes back', async ({ lab, page }, info) => {
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const first = page.locator('lab-results-view .tile dd');
  const figures = await first.allInnerTexts();
  const files: string[] = [];
  for (const name of ['Keras model (.keras)', 'ONNX (.onnx)', 'PyTorch weights (safetensors)']) {
    const [file] = await Promise.all([page.waitForEvent('download'), lab.button(name).click()]);
    const path = info.outputPath(file.suggestedFilename());
    await file.saveAs(path);
    files.push(path);
  }
  expect(files.map((path) => path.split('/').at(-1))).toEqual([
    'mnist-10.keras',
    'mnist-10.onnx',
    'mnist-10-pytorch.safetensors',
  ]);
  expect(readFileSync(files[0] ?? '').subarray(0, 2)).toEqual(Buffer.from('PK'));

  for (const path of files) {
    await lab.open(`${RUN}&tab=results`);
    await page.getByLabel('Load weights…').last().setInputFiles(path);
    await lab.expectMessage(/is loaded into “mnist-10”/);
    await expect(first).toHaveText(figures);
  }
});

test('what a model has and Convlab does not is named, all of it', async ({ lab, page }) => {
  const layer = (name: string, kind: string, config: object) => ({ class_name: kind, config: { name, ...config } });
  const model = {
    class_name: 'Sequential',
    config: {
      name: 'theirs',
      layers: [
        layer('image', 'InputLayer', { batch_shape: [null, 28, 28, 1] }),
        layer('a', 'LSTM', { units: 3 }),
        layer('b', 'Flatten', {}),
        layer('c', 'CapsuleLayer', {}),
        layer('d', 'Dense', { units: 10, activation: 'softmax' }),
      ],
    },
  };
  await lab.open(`${RUN}&tab=results`);
  const file = { name: 'theirs.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(model)) };
  await page.getByLabel('Load weights…').last().setInputFiles(file);
  await lab.expectMessage('theirs.json: 2 things are not supported: layer a: LSTM; layer c: CapsuleLayer.');
});

/** Code with three things that Convlab lacks, at lines 4, 10 and 13. */
const CODE = `import keras
from keras import layers

class Scale(layers.Layer):
    def call(self, x):
        return x * 2

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 3, activation='relu'), layers.LSTM(8), Scale(),
    layers.Flatten(), layers.Dense(10, activation='softmax'),
])
model.compile('adam', loss=lambda y, p: 0.0)
`;

test('pasted Keras code becomes the experiment; what is not understood is shown at its line', async ({ lab, page }) => {
  await lab.open(`${RUN}&tab=model`);
  const card = page.locator('lab-code-import');
  const field = card.getByLabel('Keras code');
  await field.fill(CODE);
  await card.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card.getByRole('listitem')).toHaveText([
    'line 4: Scale: a layer of your own',
    'line 10: LSTM',
    'line 13: loss: a lambda',
  ]);
  await card.getByRole('button', { name: 'line 10' }).click();
  const selected = await field.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toContain('layers.LSTM(8)');
  await card.getByRole('button', { name: 'Open what was understood' }).click();
  await lab.expectMessage('The code is now the experiment “pasted”.');
  await expect(page.getByLabel('Experiment, as JSON')).toHaveValue(/"filters": 16/);

  // Without the three things, all of it is taken.
  const whole = CODE.replace(/class Scale[\s\S]*?\n\n/, '')
    .replace('layers.LSTM(8), Scale(),', '')
    .replace('loss=lambda y, p: 0.0', "'sparse_categorical_crossentropy'")
    .replace('16', '24');
  await field.fill(whole);
  await card.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card.getByRole('listitem')).toHaveCount(0);
  await expect(page.getByLabel('Experiment, as JSON')).toHaveValue(/"filters": 24/);

  await field.fill('import torch\nnet = torch.nn.Linear(1, 1)\n');
  await card.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card.getByRole('alert')).toHaveText(/line 1: this is PyTorch code; Keras code can be imported/);
});

test('places in a notebook are its cells and their lines', async ({ lab, page }) => {
  await lab.open(`${RUN}&tab=model`);
  const card = page.locator('lab-code-import');
  const cell = (source: string) => ({ cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source });
  const sources = [
    "import keras\nm = keras.Sequential([keras.Input((28, 28, 1)),\n  keras.layers.LSTM(3), keras.layers.Flatten(), keras.layers.Dense(10, 'softmax')])",
  ];
  const theirs = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [cell('%pip install keras'), ...sources.map(cell)],
  };
  const buffer = Buffer.from(JSON.stringify(theirs));
  await card
    .getByLabel('Open a .py or .ipynb file…')
    .last()
    .setInputFiles({ name: 'theirs.ipynb', mimeType: 'application/json', buffer });
  await expect(card.getByRole('listitem')).toHaveText(['cell 2, line 3: LSTM']);
});

test('a notebook leaves and comes back as the same experiment', async ({ lab, page }, info) => {
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Notebook (.ipynb)').click()]);
  expect(file.suggestedFilename()).toBe('mnist-10.ipynb');
  const path = info.outputPath('mnist-10.ipynb');
  await file.saveAs(path);
  const notebook = JSON.parse(readFileSync(path, 'utf8'));
  expect(notebook.nbformat).toBe(4);

  await lab.open(`${RUN}&tab=model`);
  const json = page.getByLabel('Experiment, as JSON');
  const before = JSON.parse(await json.inputValue());
  await page.locator('lab-code-import').getByLabel('Open a .py or .ipynb file…').last().setInputFiles(path);
  // Keras cannot draw the synthetic digits, so the notebook reads them from a file.
  await expect(page.locator('lab-code-import').getByRole('listitem')).toHaveText(/the data of fit/);
  await lab.button('Open what was understood').click();
  await lab.expectMessage('The code is now the experiment “mnist-10”.');
  const after = JSON.parse(await json.inputValue());
  for (const key of ['input_shape', 'loss', 'optimizer', 'batch_size', 'epochs'])
    expect(after[key]).toEqual(before[key]);
  expect(after.layers).toHaveLength(before.layers.length);
});
