/** The sources of data, and that it is stored for the next visit. */
import { gzipSync } from 'node:zlib';
import { MNIST_NAMES, smallMnist } from './files';
import { expect, test } from './fixtures';
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
