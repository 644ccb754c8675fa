/** Files of other programs: a run leaves as .keras, ONNX and a state_dict, and comes back with the same figures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=600&test=100&epochs=2';

test('a trained network leaves for other tools and comes back', async ({ lab, page }, info) => {
  await lab.open(RUN);
  const figures = await lab.trained();
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
    await expect(lab.figures).toHaveText(figures);
  }
});

/** A `state_dict` of the same tensors under other names of modules. */
function renamed(file: Buffer): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString('utf8')) as Record<string, unknown>;
  const modules = [...new Set(Object.keys(header).map((name) => name.slice(0, name.lastIndexOf('.'))))];
  const other = (name: string) =>
    name === '__metadata__'
      ? name
      : `net.${modules.indexOf(name.slice(0, name.lastIndexOf('.')))}${name.slice(name.lastIndexOf('.'))}`;
  const text = JSON.stringify(Object.fromEntries(Object.entries(header).map(([name, entry]) => [other(name), entry])));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([size, Buffer.from(text), file.subarray(8 + length)]);
}

test('a dropped state_dict with other names is taken only after its table was shown, a .keras file at once', async ({
  lab,
  page,
}, info) => {
  await lab.open(RUN);
  const figures = await lab.trained();
  const save = async (button: string, name: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), lab.button(button).click()]);
    await file.saveAs(info.outputPath(name));
    return info.outputPath(name);
  };
  const path = await save('PyTorch weights (safetensors)', 'theirs.safetensors');
  const keras = await save('Keras model (.keras)', 'dropped.keras');
  writeFileSync(path, renamed(readFileSync(path)));

  await lab.open(`${RUN}&tab=results`);
  const question = lab.messages.filter({ hasText: 'The names in theirs.safetensors are not those of this network' });
  await lab.drop([path]);
  await expect(question.locator('tr').first()).toHaveText(/Here\s*In the file/);
  await expect(question.locator('tr', { hasText: 'conv2d.kernel' })).toContainText(/net\.\d+\.weight/);
  // Files of PyTorch have the inputs of a dense layer in another order than those that were exported here.
  await expect(question.locator('tr', { hasText: 'dense.kernel' })).toContainText('reordered');
  await question.getByRole('button', { name: 'Do not take them' }).click();
  await expect(lab.messages).toHaveCount(0);
  await expect(lab.figures, 'nothing was taken').toHaveCount(0);

  await lab.drop([path]);
  await question.getByRole('button', { name: 'Take these weights' }).click();
  await lab.expectMessage(/theirs\.safetensors is loaded into “mnist-10”/);
  await expect(lab.figures, 'weights are taken').toHaveCount(2);

  await lab.open(`${RUN}&tab=results`);
  await lab.drop([keras]);
  await lab.expectMessage(/dropped\.keras is loaded into “mnist-10”/);
  await expect(lab.figures).toHaveText(figures);
});

test('the JSON of model.to_json() is recognised when it is dropped', async ({ lab, page }, info) => {
  await lab.open(`${RUN}&tab=model`);
  const layer = (name: string, kind: string, config: object) => ({ class_name: kind, config: { name, ...config } });
  const layers = [
    layer('image', 'InputLayer', { batch_shape: [null, 28, 28, 1] }),
    layer('flat', 'Flatten', {}),
    layer('last', 'Dense', { units: 10, activation: 'softmax' }),
  ];
  const json = JSON.stringify({ class_name: 'Sequential', config: { name: 'plain', layers } });
  await lab.dropBytes([['plain.json', Buffer.from(json)]], info);
  await lab.expectMessage('The network of plain.json is now the experiment “plain”.');
  await expect(page.getByLabel('Experiment, as JSON')).toHaveValue(/"name": "last"/);
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
