/** The sources of data, and that it is stored for the next visit. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TestInfo } from '@playwright/test';
import { zipSync } from 'fflate';
import { MNIST_NAMES, smallMnist } from './files';
import { expect, test } from './fixtures';
import { serveHub } from './hub';
import { serveSite } from './server';

const QUICK = '?experiment=mnist-10&engine=cpu&epochs=1&train=200&test=50';
const LOADED = /600 training and 200 test images/;

const inFolder = (files: Map<string, Buffer>) => {
  const site = new Map<string, Buffer>([...files].map(([name, bytes]) => [`data/mnist/${name}`, bytes]));
  const index = { mnist: MNIST_NAMES.map((name) => `data/mnist/${name}`) };
  return site.set('data/index.json', Buffer.from(JSON.stringify(index)));
};

test.describe('a site with a data folder', () => {
  test.use({ extra: inFolder(smallMnist()) });

  test('its files are fetched on start, stored, and not fetched again', async ({ lab, page }) => {
    await lab.open(QUICK);
    await expect(page.getByText(/This site has it/)).toBeVisible();
    expect(lab.site.requests.filter((path) => path.endsWith('.gz'))).toEqual([]);
    await lab.start();
    await lab.finished();
    await expect(page.getByText(LOADED)).toBeVisible();
    const fetched = lab.site.requests.filter((path) => path.endsWith('.gz'));
    expect(fetched.sort()).toEqual(MNIST_NAMES.map((name) => `data/mnist/${name}`).sort());

    await lab.open(QUICK);
    await expect(page.getByText(LOADED)).toBeVisible();
    await expect(page.getByText(/Kept in this browser \(/)).toBeVisible();
    expect(lab.site.requests.filter((path) => path.endsWith('.gz'))).toHaveLength(4);
  });
});

test.describe('a site whose data folder is broken', () => {
  test.use({
    extra: new Map([['data/index.json', Buffer.from('{"mnist": ["data/mnist/train-images-idx3-ubyte.gz"]}')]]),
    expectedComplaints: [/404/],
  });

  test('the message names the file, and the synthetic set is used', async ({ lab, page }) => {
    await lab.open(QUICK);
    await lab.button('Start').click();
    await lab.expectMessage(/train-images-idx3-ubyte\.gz could not be fetched.*404/);
    await expect(lab.state).toHaveText('Ready');
    await page.getByRole('radio', { name: 'Synthetic' }).check();
    await lab.start();
    await lab.finished();
  });
});

test('dropped files are stored for the next visit until they are deleted', async ({ lab, page }, info) => {
  await lab.open(`${QUICK}&tab=data`);
  await expect(page.getByText('Nothing yet.')).toBeVisible();
  await lab.dropBytes(smallMnist(), info);
  await expect(page.getByText(LOADED)).toBeVisible();

  await lab.open(`${QUICK}&tab=data`);
  await expect(page.getByText(LOADED)).toBeVisible();
  await expect(page.locator('lab-image-grid figure')).toHaveCount(25);
  await lab.button('Forget the files of MNIST that this browser keeps').click();
  await expect(page.getByText('Nothing yet.')).toBeVisible();

  await lab.open(`${QUICK}&tab=data`);
  await expect(page.getByText('Nothing yet.')).toBeVisible();
  await expect(page.getByText(LOADED)).toHaveCount(0);
});

/** A folder of files on disk; the paths of the files are relative to it. */
function folder(files: Iterable<[path: string, bytes: Buffer]>, info: TestInfo, name: string): string {
  for (const [path, bytes] of files) {
    const file = info.outputPath(name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return info.outputPath(name);
}

test('files of another set open the experiment that fits, with these files', async ({ lab, page }, info) => {
  await lab.open('?experiment=net-1&engine=cpu&data=synthetic&epochs=1&tab=data');
  await lab.dropBytes(smallMnist(), info);
  const offer = lab.messages.filter({ hasText: 'These are the files of MNIST, which this experiment does not use.' });
  await offer.getByRole('button', { name: /^Open “.*” with them$/ }).click();
  await expect(page.getByText(LOADED)).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Experiment' })).toHaveValue(/^mnist-/);
  await expect(lab.messages).toHaveCount(0);
});

test('image files are offered as own images', async ({ lab, page }, info) => {
  const bitmap = (kind: number): Buffer => {
    const pixels = Buffer.alloc(8 * 8 * 3, 60 + 90 * kind);
    const head = Buffer.alloc(54);
    head.write('BM');
    for (const [at, value] of [
      [2, 54 + pixels.length],
      [10, 54],
      [14, 40],
      [18, 8],
      [22, 8],
    ] as const)
      head.writeUInt32LE(value, at);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(24, 28);
    return Buffer.concat([head, pixels]);
  };
  const files = ['dark', 'light'].flatMap((name, kind) =>
    Array.from({ length: 5 }, (_, i): [string, Buffer] => [`${name}/${i}.bmp`, bitmap(kind)]),
  );
  await lab.open(`${QUICK}&tab=data`);
  await lab.drop([folder(files, info, 'brightness')]);
  const offer = lab.messages.filter({ hasText: 'These are image files, which this experiment does not use.' });
  await offer.getByRole('button', { name: 'Use them as my own images' }).click();
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible();
  await expect(page.locator('lab-bars').getByText('light')).toBeVisible();
});

for (const packed of [false, true]) {
  test(`of two sets in one ${packed ? 'zip' : 'folder'} the student says which`, async ({ lab, page }, info) => {
    const files = (['first', 'second'] as const).flatMap((name, i) =>
      [...smallMnist(600 - 100 * i, 200)].map(([file, bytes]): [string, Buffer] => [`sets/${name}/${file}`, bytes]),
    );
    await lab.open(`${QUICK}&tab=data`);
    if (packed) {
      const archive = zipSync(Object.fromEntries(files), { level: 0 });
      await lab.dropBytes([['sets.zip', Buffer.from(archive)]], info);
    } else await lab.drop([join(folder(files, info, 'found'), 'sets')]);
    const question = lab.messages.filter({ hasText: 'These files hold several sets that fit MNIST' });
    await expect(question.getByRole('button', { name: 'first' })).toBeVisible();
    await question.getByRole('button', { name: 'second' }).click();
    await expect(page.getByText(/500 training and 200 test images/)).toBeVisible();
    await expect(lab.messages).toHaveCount(0);
  });
}

test('a Parquet file of the Hub is fetched by its address, through a redirect', async ({ lab, page }) => {
  const hub = await serveHub();
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=1&tab=data');
  await page.getByLabel('Data set', { exact: true }).selectOption('parquet');
  await page.getByLabel('Address of a data file').fill(`${hub.url}/resolve/cifar10/train-00000-of-00001.parquet`);
  await lab.button('Fetch').click();
  await expect(page.getByRole('heading', { name: 'Parquet file', exact: true })).toBeVisible();
  const path = 'cifar10/train-00000-of-00001.parquet';
  expect(hub.requests).toEqual([`GET /resolve/${path}`, `GET /storage/${path}`]);
  await hub.close();
});

test('files can be selected by a file picker, also uncompressed ones', async ({ lab, page }) => {
  const { gunzipSync } = await import('node:zlib');
  await lab.open(`${QUICK}&tab=data`);
  const files = [...smallMnist()].map(([name, bytes]) => ({
    name: name.replace('.gz', ''),
    mimeType: '',
    buffer: gunzipSync(bytes),
  }));
  await page.locator('lab-drop-zone input[type=file]').setInputFiles(files);
  await expect(page.getByText(LOADED)).toBeVisible();
});

test('a file is fetched from another site’s address', async ({ lab, page }) => {
  const files = smallMnist();
  const other = await serveSite(new Map([...files].map(([name, bytes]) => [name, bytes])), { crossOrigin: true });
  await lab.open(`${QUICK}&tab=data`);
  for (const name of MNIST_NAMES) {
    await page.getByLabel('Address of a data file').fill(other.url + name);
    await lab.button('Fetch').click();
    await expect(page.getByText(new RegExp(`${name.replace('.gz', '')}|${LOADED.source}`)).first()).toBeVisible();
  }
  await expect(page.getByText(LOADED)).toBeVisible();
  await other.close();
});

test.describe('addresses that do not work', () => {
  test.use({ expectedComplaints: [/404/, /CORS/, /ERR_FAILED/] });

  test('give one error message each', async ({ lab, page }) => {
    const closed = await serveSite(new Map([['file.gz', gzipSync('data')]]));
    await lab.open(`${QUICK}&tab=data`);
    const attempt = async (address: string, expected: RegExp) => {
      await page.getByLabel('Address of a data file').fill(address);
      await lab.button('Fetch').click();
      await expect(lab.messages).toHaveText(expected);
    };
    await attempt('mnist.gz', /not an address.*“mnist\.gz”/);
    await attempt(`${lab.site.url}nothing.gz`, /could not be fetched\. Received: HTTP status 404/);
    await attempt(`${closed.url}file.gz`, /may not allow pages to read its files \(CORS\)/);
    await closed.close();
  });
});

test('with a full disk the data can be used, but not stored for the next visit', async ({
  lab,
  page,
  context,
}, info) => {
  const session = await context.newCDPSession(page);
  await lab.open(QUICK);
  const { origin } = new URL(lab.site.url);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  await lab.dropBytes(smallMnist(), info);
  await lab.expectMessage(/could not be stored for the next visit/);
  await expect(page.getByText(LOADED)).toBeVisible();
  // Another set and back: the set that could not be stored is still in the page's memory.
  await page.getByRole('radio', { name: 'Synthetic' }).check();
  await expect(page.getByText(/Drawn digits/)).toBeVisible();
  await page.getByRole('radio', { name: 'MNIST' }).check();
  await expect(page.getByText(LOADED)).toBeVisible();
  await lab.start();
  await lab.finished();
});
