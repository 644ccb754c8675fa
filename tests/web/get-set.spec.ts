/** A known set with one click: from another site, through a redirect, with CORS, without range or preflight requests. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './fixtures';

const file = (set: string, split: string): Buffer =>
  readFileSync(new URL(`../golden/tables/${set}/${split}-00000-of-00001.parquet`, import.meta.url));

interface Hub {
  url: string;
  requests: string[];
  /** Sends the first half of each file and then nothing. */
  stalls: boolean;
  close(): Promise<void>;
}

/** A site that behaves as the Hub does: a redirect to its storage, which allows plain GET from any page and nothing else. */
async function serveHub(): Promise<Hub> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(`${request.method} ${path}${request.headers.range ? ' with a range' : ''}`);
    if (request.method !== 'GET' || request.headers.range) return void response.writeHead(403).end();
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (path.startsWith('/resolve/')) {
      return void response.writeHead(302, { Location: path.replace('/resolve/', '/storage/') }).end();
    }
    const [, set = '', split = ''] = path.match(/^\/storage\/(\w+)\/(train|test)-/) ?? [];
    if (!set) return void response.writeHead(404).end();
    const bytes = file(set, split);
    response.writeHead(200, { 'Content-Length': bytes.length });
    if (hub.stalls) response.write(bytes.subarray(0, bytes.length / 2));
    else response.end(bytes);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const hub: Hub = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    stalls: false,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return hub;
}

/** The index of a site that names another place for CIFAR-10. */
function index(hub: string, sha256?: string): Buffer {
  const files = ['train', 'test'].map((split) => ({
    url: `${hub}/resolve/cifar10/${split}-00000-of-00001.parquet`,
    ...(sha256 && { sha256 }),
  }));
  return Buffer.from(JSON.stringify({ sources: { cifar10: [{ bytes: 8100, files }] } }));
}

const GET = /^Get CIFAR-10 \(9 KB from localhost:\d+\)$/;

let hub: Hub;
test.beforeEach(async () => {
  hub = await serveHub();
});
test.afterEach(() => hub.close());

test('a set is downloaded after it was asked for, trained on, and kept', async ({ lab, page }) => {
  lab.site.extra.set('data/index.json', index(hub.url));
  await lab.open('?experiment=net-1&engine=cpu&tab=data&epochs=1&batch=4');
  await page.getByRole('button', { name: GET }).click();
  await expect(page.getByText('The other site sees your network address')).toBeVisible();
  expect(hub.requests, 'nothing is requested before consent').toEqual([]);
  await lab.button('Download').click();
  await expect(
    page.getByRole('heading', { name: 'CIFAR-10 (12 of 50000 training images, 5 of 10000 test images)' }),
  ).toBeVisible();
  for (const split of ['train', 'test']) {
    const path = `cifar10/${split}-00000-of-00001.parquet`;
    expect(hub.requests.filter((request) => request.includes(split))).toEqual([
      `GET /resolve/${path}`,
      `GET /storage/${path}`,
    ]);
  }
  await page.reload();
  await expect(page.getByRole('heading', { name: /CIFAR-10 \(12 of 50000/ })).toBeVisible();
  expect(hub.requests.length, 'the kept files are used').toBe(4);
});

const OTHERS: [set: string, folder: string, button: RegExp, by: RegExp][] = [
  [
    'kmnist',
    'mnist',
    /^Get KMNIST \(31 MB from huggingface\.co\)$/,
    /tanganke\/kmnist\/resolve\/[0-9a-f]{40}\/kmnist\//,
  ],
  [
    'svhn',
    'svhn_hub',
    /^Get SVHN \(183 MB from huggingface\.co\)$/,
    /ufldl-stanford\/svhn\/resolve\/[0-9a-f]{40}\/cropped_digits\//,
  ],
];

for (const [set, folder, button, by] of OTHERS) {
  test(`${set} is offered from the Hub, and its files are read`, async ({ lab, page }) => {
    const asked: string[] = [];
    // The Hub itself is out of reach here: its files are answered by the small ones of the same layout.
    await page.context().route(/huggingface\.co/, (route) => {
      asked.push(route.request().url());
      const [, split = ''] = /(train|test)-[^/]*$/.exec(route.request().url()) ?? [];
      return route.fulfill({ body: file(folder, split), headers: { 'Access-Control-Allow-Origin': '*' } });
    });
    await lab.open('?experiment=mnist-10&engine=cpu&tab=data');
    await page.getByLabel('Data set', { exact: true }).selectOption(set);
    await page.getByRole('button', { name: button }).click();
    expect(asked).toEqual([]);
    await lab.button('Download').click();
    await expect(
      page.getByRole('heading', { name: /\(12 of \d+ training images, 5 of \d+ test images\)/ }),
    ).toBeVisible();
    expect(asked).toHaveLength(2);
    for (const url of asked) expect(url).toMatch(by);
  });
}

test('a site offers a set that has no public source', async ({ lab, page }) => {
  const files = [`${hub.url}/resolve/cifar10/train-00000-of-00001.parquet`];
  lab.site.extra.set('data/index.json', Buffer.from(JSON.stringify({ sources: { stl10: [{ bytes: 8100, files }] } })));
  await lab.open('?experiment=net-1&engine=cpu&tab=data');
  await page.getByLabel('Data set', { exact: true }).selectOption('stl10');
  await expect(page.getByRole('button', { name: /^Get STL-10 \(9 KB from localhost:\d+\)$/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'train-00000-of-00001.parquet' })).toHaveAttribute(
    'href',
    files[0] ?? '',
  );
});

test('a download is refused, cancelled, and reported when it fails', async ({ lab, page }) => {
  lab.site.extra.set('data/index.json', index(hub.url));
  await lab.open('?experiment=net-1&engine=cpu&tab=data');
  await page.getByRole('button', { name: GET }).click();
  await lab.button('Not now').click();
  await expect(page.getByRole('button', { name: GET })).toBeFocused();
  expect(hub.requests).toEqual([]);
  hub.stalls = true;
  await page.getByRole('button', { name: GET }).click();
  await lab.button('Download').click();
  await expect(page.getByText('CIFAR-10 is being downloaded.')).toBeVisible();
  await expect(lab.button('Cancel the download')).toBeFocused();
  await lab.button('Cancel the download').click();
  await lab.expectMessage('The download of CIFAR-10 was cancelled.');
  await expect(page.getByRole('button', { name: GET })).toBeEnabled();
});

test('a start says which download it waits for, and goes on once that is cancelled', async ({ lab, page }) => {
  lab.site.extra.set('data/index.json', index(hub.url));
  hub.stalls = true;
  await lab.open('?experiment=net-1&data=synthetic&engine=cpu&tab=data&epochs=1&train=500&test=100');
  await page.getByLabel('Data set', { exact: true }).waitFor();
  await page.getByRole('button', { name: GET }).click();
  await lab.button('Download').click();
  await expect(page.getByText('CIFAR-10 is being downloaded.')).toBeVisible();
  const bar = page.locator('lab-run-bar');
  await lab.button('Start').click();
  await expect(bar).toContainText('Waits for the download of CIFAR-10');
  await bar.getByRole('button', { name: 'Cancel the download' }).click();
  await lab.expectMessage('The download of CIFAR-10 was cancelled.');
  await expect(bar.locator('.state')).toHaveText(/Training|Finished/, { timeout: 60_000 });
});

test('files that are not the expected ones are refused, and the way by hand is shown', async ({ lab, page }) => {
  lab.site.extra.set('data/index.json', index(hub.url, '0'.repeat(64)));
  // The public sources are out of reach.
  await page.context().route(/huggingface\.co/, (route) => route.abort());
  await lab.open('?experiment=net-1&engine=cpu&tab=data');
  await page.getByRole('button', { name: GET }).click();
  await lab.button('Download').click();
  await lab.expectMessage(/could not be downloaded: .*is not the expected file.*by hand/);
  const link = page.getByRole('link', { name: 'train-00000-of-00001.parquet' });
  await expect(link).toHaveAttribute(
    'href',
    /^https:\/\/huggingface\.co\/datasets\/uoft-cs\/cifar10\/resolve\/[0-9a-f]{40}\//,
  );
});

test('a Parquet file of one’s own is a data set', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&engine=cpu&tab=data');
  await page.getByLabel('Data set', { exact: true }).selectOption('parquet');
  const codec = (name: string) => new URL(`../golden/tables/codecs/${name}.parquet`, import.meta.url).pathname;
  await page.locator('lab-drop-zone input[name=files]').setInputFiles(codec('brotli'));
  await lab.expectMessage(/codec that is not read here/);
  await page.locator('lab-drop-zone input[name=files]').setInputFiles(codec('zstd'));
  await expect(page.getByRole('heading', { name: 'Parquet file', exact: true })).toBeVisible();
  await expect(page.locator('lab-bars').getByText('tulip')).toBeVisible();
});
