/** Invalid files, fields and addresses give one clear error each, and the page can still train. */
import { writeFileSync } from 'node:fs';

import { smallMnist } from './files';
import { expect, type LabPage, test } from './fixtures';

const QUICK = '?experiment=mnist-10&engine=cpu&epochs=1&train=200&test=50';

async function stillTrains(lab: LabPage): Promise<void> {
  await lab.tab('Run');
  await lab.start();
  await lab.finished();
  await expect(lab.epochRows).toHaveCount(1);
}

const good = smallMnist();
const images = good.get('train-images-idx3-ubyte.gz') as Buffer;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const HTML = Buffer.from('<!doctype html><html><head><title>404 Not Found</title></head><body>Not Found</body></html>');

const BAD: [what: string, name: string, bytes: Buffer][] = [
  ['a truncated gzip file', 'train-images-idx3-ubyte.gz', images.subarray(0, images.length / 2)],
  ['a corrupt gzip file', 'train-images-idx3-ubyte.gz', Buffer.concat([images.subarray(0, 200), Buffer.alloc(300, 7)])],
  ['an image with another name', 'data_batch_1.bin', PNG],
  ['an empty file', 'train-labels-idx1-ubyte.gz', Buffer.alloc(0)],
  ['a page of HTML', 't10k-images-idx3-ubyte.gz', HTML],
];

for (const [what, name, bytes] of BAD) {
  test(`${what} gives one clear error`, async ({ lab }, info) => {
    await lab.open(QUICK);
    await lab.dropBytes([[name, bytes]], info);
    await expect(lab.messages).toHaveCount(1);
    await expect(lab.messages).toBeVisible();
    const text = await lab.messages.innerText();
    expect(text, 'the file is named').toContain(name);
    expect(text.length, 'one sentence, not a dump').toBeLessThan(400);
    await lab.messages.getByRole('button').click();
    await expect(lab.messages).toHaveCount(0);
    await stillTrains(lab);
  });
}

test('an invalid file among valid ones is named; the valid ones are kept, and the missing one completes the set', async ({
  lab,
  page,
}, info) => {
  await lab.open(`${QUICK}&tab=data`);
  const files = smallMnist();
  files.set('t10k-labels-idx1-ubyte.gz', HTML);
  await lab.dropBytes(files, info);
  await lab.expectMessage('t10k-labels-idx1-ubyte.gz');
  await expect(page.getByText(/Still missing: test labels/)).toBeVisible();
  await lab.dropBytes([['t10k-labels-idx1-ubyte.gz', good.get('t10k-labels-idx1-ubyte.gz') as Buffer]], info);
  await expect(page.getByText(/600 training and 200 test images/)).toBeVisible();
  await stillTrains(lab);
});

test('different numbers of images and labels are rejected, and the previous set remains', async ({
  lab,
  page,
}, info) => {
  await lab.open(QUICK);
  await lab.dropBytes(good, info);
  await expect(page.getByText(/600 training and 200 test images/)).toBeVisible();
  const wrong = smallMnist(500, 200);
  await lab.dropBytes(
    [...good].map(([name, bytes]) => [name, name.startsWith('train-labels') ? (wrong.get(name) as Buffer) : bytes]),
    info,
  );
  await lab.expectMessage(/600.*500|500.*600/);
  await expect(page.getByText(/600 training and 200 test images/)).toBeVisible();
  await stillTrains(lab);
});

test('some files of a set, dropped anywhere: a notice names the missing ones until they are added', async ({
  lab,
  page,
}, info) => {
  await lab.open(QUICK);
  const [first, ...rest] = [...good];
  await lab.dropBytes([first as [string, Buffer]], info);
  await lab.expectMessage(/MNIST is not complete yet\. Drop these, too: /);
  await lab.dropBytes(rest, info);
  await expect(page.getByText(/600 training and 200 test images/)).toBeVisible();
  await expect(page.getByText('is not complete yet')).toHaveCount(0);
});

test('after different numbers of images and labels, no file is listed as present', async ({ lab, page }, info) => {
  await lab.open(`${QUICK}&tab=data`);
  const wrong = smallMnist(500, 200);
  const mixed = [...good].map(([name, bytes]): [string, Buffer] => [
    name,
    name.startsWith('train-labels') ? (wrong.get(name) as Buffer) : bytes,
  ]);
  await lab.dropBytes(mixed, info);
  await lab.expectMessage(/600.*500|500.*600/);
  await expect(page.locator('lab-drop-zone li')).toHaveCount(0);
  await lab.dropBytes(good, info);
  await expect(page.getByText(/600 training and 200 test images/)).toBeVisible();
});

test('a weights file that cannot be used is named, and the run stays as it was', async ({ lab, page }, info) => {
  await lab.open(`${QUICK}&data=synthetic`);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const figures = await page.locator('lab-results-view .tile dd').allInnerTexts();
  const path = info.outputPath('cut.safetensors');
  writeFileSync(path, Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]));
  await page.getByLabel('Load weights…').last().setInputFiles(path);
  await lab.expectMessage(/cut\.safetensors: this is not a whole safetensors file .* save it again/);
  expect(await page.locator('lab-results-view .tile dd').allInnerTexts()).toEqual(figures);
  await expect(lab.state).toHaveText('Finished');
  await lab.tab('Run');
  await expect(lab.epochRows).not.toHaveCount(0);
});

test('unknown and unusable settings in the address are named, the others work', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&engine=tpu&epochs=many&colour=red&train=200&test=50&data=synthetic');
  await lab.expectMessage(/engine.*one of auto, cpu, gpu.*“tpu”/);
  await lab.expectMessage(/epochs.*a number with at most 4 decimals.*“many”/);
  await lab.expectMessage(/“colour”.*does not exist/);
  expect(new URL(page.url()).searchParams.get('train')).toBe('200');
});

test('the last epoch may be a part of one, in the set-up, too', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&data=synthetic&train=200&test=50&epochs=1.5');
  const epochs = page.locator('lab-setup input[name=epochs]');
  await expect(epochs).toHaveValue('1.5');
  await epochs.fill('9.9');
  await epochs.press('Tab');
  await expect.poll(() => new URL(page.url()).searchParams.get('epochs')).toBe('9.9');
  await epochs.fill('9.12345');
  await epochs.press('Tab');
  await lab.expectMessage('Epochs must be a number with at most 4 decimals. Received: “9.12345”.');
});

test('an unknown experiment in the address is named', async ({ lab }) => {
  await lab.open('?experiment=net-99');
  await lab.expectMessage(/no experiment “net-99”.*mnist-10/);
});

test('train=0 is refused with a message', async ({ lab }) => {
  // Whether there are images is known only with the data.
  await lab.open('?experiment=mnist-10&data=synthetic&engine=cpu&test=50&train=0');
  await lab.button('Start').click();
  await expect(lab.messages).toContainText('0');
  await expect(lab.state).toHaveText('Ready');
});

for (const [field, value] of [
  ['epochs', '0'],
  ['batch', '-4'],
] as const) {
  test(`${field}=${value} is refused with a message`, async ({ lab }) => {
    await lab.page.goto(
      `${lab.site.url}?experiment=mnist-10&data=synthetic&engine=cpu&train=200&test=50&${field}=${value}`,
    );
    await expect(lab.run.locator('.error')).toContainText(value, { timeout: 30_000 });
    await expect(lab.button('Start')).toBeDisabled();
    await expect(lab.state).toHaveText('Ready');
  });
}

test('an invalid network is refused below the editor, and the last valid one stays', async ({ lab, page }) => {
  await lab.open(`${QUICK}&data=synthetic&tab=model`);
  const editor = page.getByLabel('Experiment, as JSON');
  await expect(editor).toHaveValue(/conv2d/);
  const json = await editor.inputValue();
  const attempt = async (text: string, expected: RegExp) => {
    await editor.fill(text);
    await lab.button('Apply').click();
    await expect(page.locator('lab-experiment-editor .error')).toHaveText(expected);
    expect(await editor.inputValue(), 'nothing typed is lost').toBe(text);
  };
  await attempt(json.replace('"kernel_size": 7', '"kernel_size": 77'), /conv2d/);
  await attempt(json.replace('"filters"', '"filtres"'), /filtres/);
  await attempt(json.replace('"flatten"', '"flaten"'), /flaten/);
  await attempt(json.slice(0, -5), /not valid JSON/);
  await attempt('[]', /JSON object/);

  await editor.fill(json.replace('"filters": 16', '"filters": 4'));
  await lab.button('Apply').click();
  await expect(page.locator('lab-experiment-editor .error')).toHaveCount(0);
  await expect(page.locator('lab-model-view tbody tr', { hasText: 'conv2d' }).first()).toContainText(
    '(None, 22, 22, 4)',
  );
  await stillTrains(lab);
});

test('a lesson and an assignment may be in UTF-16; what is no text is named', async ({ lab, page }) => {
  const utf16 = (value: unknown) => Buffer.from(`\ufeff${JSON.stringify(value)}`, 'utf16le');
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/json', buffer });
  const latin1 = Buffer.from('{"lesson": "Größen"}', 'latin1');

  await page.goto(`${lab.site.url}lesson-editor.html`);
  await expect(page.locator('lesson-editor lesson-view')).toBeVisible();
  const picker = page.locator('input#file');
  await picker.setInputFiles(file('week.json', latin1));
  await expect(page.getByText('week.json: this is not a text file (UTF-8 or UTF-16)')).toBeVisible();
  const parts = [{ type: 'text', text: 'Äpfel' }];
  await picker.setInputFiles(file('week.json', utf16({ lesson: 'Größen', parts })));
  await expect(page.getByText('Opened: Größen')).toBeVisible();

  await page.goto(`${lab.site.url}class.html`);
  const document = { assignment: 'Übung 3', experiment: 'mnist-10' };
  await page.locator('lab-class input[name=assignment]').setInputFiles(file('week.json', utf16(document)));
  await expect(page.getByText('Übung 3').first()).toBeVisible({ timeout: 60_000 });
  await lab.button('Write or change it').click();
  const own = page.locator('lab-assignment-maker input[name=experiment-file]');
  await own.setInputFiles(file('mine.json', Buffer.from('{"name": "a", "epochs": 1, "epochs": 2}')));
  await expect(page.getByRole('alert')).toContainText(
    'mine.json: an object may have a key once. Received twice: "epochs"',
  );
});
