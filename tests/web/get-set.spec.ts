/** A known set with one click: from another site, through a redirect, with CORS, without range or preflight requests. */
import type { Page } from '@playwright/test';
import { smallMnist } from './files';
import { expect, test } from './fixtures';
import { type Hub, hubFile, serveHub } from './hub';

/** The index of a site that names another place for CIFAR-10. */
function index(hub: string, sha256?: string): Buffer {
  const files = ['train', 'test'].map((split) => ({
    url: `${hub}/resolve/cifar10/${split}-00000-of-00001.parquet`,
    ...(sha256 && { sha256 }),
  }));
  return Buffer.from(JSON.stringify({ sources: { cifar10: [{ bytes: 8058, files }] } }));
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
  // One unit system: the size that was offered, and that of what is kept.
  await expect(page.getByRole('button', { name: GET })).toBeVisible();
  await expect(page.locator('.kept li', { hasText: 'CIFAR-10' }).locator('.number')).toHaveText('9 KB');
  await expect(page.getByText('Kept in this browser (9 KB)')).toBeVisible();
  expect(hub.requests.length, 'the kept files are used').toBe(4);
});

const OTHERS: [set: string, folder: string, button: RegExp, by: RegExp][] = [
  [
    'fashion_mnist',
    'mnist',
    /^Get Fashion-MNIST \(31 MB from huggingface\.co\)$/,
    /zalando-datasets\/fashion_mnist\/resolve\/[0-9a-f]{40}\/fashion_mnist\//,
  ],
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
    // The Hub itself is out of reach here.
    const asked = await smallHub(page, folder);
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

/** The Hub answers with the small files, whose hashes are not those of the real ones. */
async function smallHub(page: Page, folder: string): Promise<string[]> {
  const asked: string[] = [];
  await page.context().route(/huggingface\.co/, (route) => {
    const url = route.request().url();
    asked.push(url);
    const [, split = ''] = /(train|test)-[^/]*$/.exec(url) ?? [];
    return route.fulfill({ body: hubFile(folder, split), headers: { 'Access-Control-Allow-Origin': '*' } });
  });
  return asked;
}

test('where the first source has other files than expected, the second one is asked', async ({ lab, page }) => {
  const asked = await smallHub(page, 'mnist');
  const files = smallMnist();
  await page.context().route(/storage\.googleapis\.com/, (route) => {
    const url = route.request().url();
    asked.push(url);
    const body = files.get(url.slice(url.lastIndexOf('/') + 1)) ?? Buffer.alloc(0);
    return route.fulfill({ body, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
  await lab.open('?experiment=mnist-10&engine=cpu&data=synthetic&tab=data');
  await page.getByRole('button', { name: /^Get MNIST \(18 MB from huggingface\.co\)$/ }).click();
  await expect(page.getByText('If it does not answer, storage.googleapis.com is asked.')).toBeVisible();
  await lab.button('Download').click();
  await expect(
    page.getByRole('heading', { name: /^MNIST \(600 of 60000 training images, 200 of 10000/ }),
  ).toBeVisible();
  expect(asked[0]).toMatch(/ylecun\/mnist\/resolve\/[0-9a-f]{40}\/mnist\//);
  expect(asked.filter((url) => url.includes('storage.googleapis.com'))).toHaveLength(4);
});

for (const [set, button, by] of [
  [
    'cifar10',
    /^Get CIFAR-10 \(144 MB from huggingface\.co\)$/,
    /uoft-cs\/cifar10\/resolve\/[0-9a-f]{40}\/plain_text\//,
  ],
  [
    'cifar100',
    /^Get CIFAR-100 \(142 MB from huggingface\.co\)$/,
    /uoft-cs\/cifar100\/resolve\/[0-9a-f]{40}\/cifar100\//,
  ],
] as const) {
  test(`${set} is offered from the Hub, and other files than the expected ones are refused`, async ({ lab, page }) => {
    const asked = await smallHub(page, set);
    await lab.open('?experiment=net-1&engine=cpu&data=synthetic&tab=data');
    await page.getByLabel('Data set', { exact: true }).selectOption(set);
    await page.getByRole('button', { name: button }).click();
    expect(asked).toEqual([]);
    await lab.button('Download').click();
    await lab.expectMessage(/could not be downloaded: .*is not the expected file.*by hand/);
    for (const url of asked) expect(url).toMatch(by);
  });
}

test('cifar100 is downloaded from a source that the site names', async ({ lab, page }) => {
  const files = ['train', 'test'].map((split) => `${hub.url}/resolve/cifar100/${split}-00000-of-00001.parquet`);
  lab.site.extra.set('data/index.json', Buffer.from(JSON.stringify({ sources: { cifar100: [{ files }] } })));
  await lab.open('?experiment=net-1&engine=cpu&data=synthetic&tab=data');
  await page.getByLabel('Data set', { exact: true }).selectOption('cifar100');
  await page.getByRole('button', { name: /^Get CIFAR-100 \(localhost:\d+\)$/ }).click();
  await lab.button('Download').click();
  await expect(page.getByRole('heading', { name: /^CIFAR-100 \(12 of 50000 training images, 5 of/ })).toBeVisible();
});

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
  const work = page.locator('lab-drop-zone .work');
  await expect(work).toContainText(/\d KB \/ \d KB/);
  const share = () => work.locator('progress').evaluate((bar: HTMLProgressElement) => bar.position);
  await expect.poll(share).toBeGreaterThan(0);
  expect(await share()).toBeLessThan(1);
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
