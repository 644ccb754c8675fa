/** The student's own images: a folder of them becomes a data set with its own classes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Page, TestInfo } from '@playwright/test';
import { zipSync } from 'fflate';
import { expect, test } from './fixtures';

/** A PNG file of 20 × 20 pixels: a light half in a place that depends on the class, on a ground that varies. */
function png(kind: number, i: number): Buffer {
  const side = 20;
  const rows = Buffer.alloc(side * (1 + 3 * side));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const inside = [y < 10, y >= 10, x < 10][kind];
      rows.fill(inside ? 220 : (i * 13 + x * y) % 60, y * (1 + 3 * side) + 1 + 3 * x, y * (1 + 3 * side) + 4 + 3 * x);
    }
  }
  const chunk = (name: string, data: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(name), data]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const CLASSES = ['Birke', 'Linde', 'Ulme'];

/** A folder with 20 images of each class, and a file that is no image. */
function folderOfImages(info: TestInfo): string {
  const folder = info.outputPath('trees');
  for (const [kind, name] of CLASSES.entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < 20; i += 1) writeFileSync(join(folder, name, `${i}.png`), png(kind, i));
  }
  writeFileSync(join(folder, 'Ulme', 'broken.png'), png(0, 0).subarray(0, 60));
  return folder;
}

test('a folder of images trains, and its folders are the classes', async ({ lab, page }, info) => {
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=2&tab=data');
  await lab.button('Use my own images').click();
  await page.locator('lab-drop-zone input[name=folder]').setInputFiles(folderOfImages(info));
  await lab.expectMessage(/broken\.png: the image is damaged/);
  await expect(page.getByRole('heading', { name: 'Image files (60 of 61 files)' })).toBeVisible();
  await lab.button('Fit the network to this data').click();
  await expect(lab.button('Fit the network to this data')).toHaveCount(0);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  for (const name of CLASSES) await expect(page.getByRole('rowheader', { name }).first()).toBeVisible();

  // Kept for the next visit, with the experiment in the address.
  await page.reload();
  await lab.tab('Data');
  await expect(page.getByRole('heading', { name: 'Image files (60 of 61 files)' })).toBeVisible();
});

/** An image file of the browser's: a bright half in a place that depends on the class. */
async function photograph(page: Page, kind: number, i: number, type: string): Promise<Buffer> {
  const bytes = await page.evaluate(
    async ({ kind, i, type }) => {
      const canvas = new OffscreenCanvas(48, 40);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.fillStyle = `rgb(${20 + 4 * i}, 40, 30)`;
      context.fillRect(0, 0, 48, 40);
      context.fillStyle = `rgb(200, ${210 - 3 * i}, 190)`;
      context.fillRect(0, kind === 1 ? 20 : 0, kind === 2 ? 24 : 48, kind === 2 ? 40 : 20);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.9 })).arrayBuffer())];
    },
    { kind, i, type },
  );
  return Buffer.from(bytes);
}

/** A folder with JPEG, WebP and PNG files: 12 of each class. */
async function folderOfPhotographs(page: Page, info: TestInfo): Promise<{ path: string; files: [string, Buffer][] }> {
  const files: [string, Buffer][] = [];
  for (const [kind, name] of CLASSES.entries()) {
    for (let i = 0; i < 12; i += 1) {
      const type = ['jpeg', 'webp', 'png'][i % 3] ?? '';
      files.push([`photographs/${name}/${i}.${type}`, await photograph(page, kind, i, `image/${type}`)]);
    }
  }
  for (const [path, bytes] of files) {
    mkdirSync(info.outputPath(dirname(path)), { recursive: true });
    writeFileSync(info.outputPath(path), bytes);
  }
  return { path: info.outputPath('photographs'), files };
}

test('a dropped folder of photographs trains; its classes are in the confusion matrix; after a reload the model leaves and comes back', async ({
  lab,
  page,
}, info) => {
  test.setTimeout(180_000);
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=3&batch=6&tab=data');
  const { path } = await folderOfPhotographs(page, info);
  await lab.button('Use my own images').click();
  await expect(page.getByRole('heading', { name: 'Get the data: Image files' })).toBeVisible();
  await lab.drop([path]);
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible();
  await lab.button('Fit the network to this data').click();
  await expect(lab.button('Fit the network to this data')).toHaveCount(0);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const matrix = page.locator('lab-confusion');
  await expect(matrix.locator('tbody td')).toHaveCount(9);
  for (const name of CLASSES) await expect(matrix.getByRole('rowheader', { name })).toBeVisible();
  const tiles = page.locator('lab-results-view .tile dd');
  const figures = await tiles.allInnerTexts();
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Keras model (.keras)').click()]);
  const model = info.outputPath('trees.keras');
  await file.saveAs(model);

  await page.reload();
  await lab.tab('Data');
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible();
  await expect(page.locator('lab-bars').getByText('Linde')).toBeVisible();
  await lab.tab('Results');
  await lab.drop([model]);
  await lab.button('Discard the changes').click();
  await lab.expectMessage(/trees\.keras is loaded into/);
  await expect(tiles).toHaveText(figures);
  for (const name of CLASSES) await expect(matrix.getByRole('rowheader', { name })).toBeVisible();
});

test('a zip of photographs is the same set as their folder', async ({ lab, page }, info) => {
  await lab.open('?experiment=net-1&engine=cpu&epochs=1&tab=data');
  const { path, files } = await folderOfPhotographs(page, info);
  await lab.button('Use my own images').click();
  await lab.drop([path]);
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible();
  const before = await heldSet(page);
  expect(before).toMatchObject({ classes: CLASSES });
  await lab.button('Forget the files of Image files that this browser keeps').click();
  await lab.open('?experiment=net-1&engine=cpu&epochs=1&tab=data');
  await lab.button('Use my own images').click();
  await lab.dropBytes([['photographs.zip', Buffer.from(zipSync(Object.fromEntries(files)))]], info);
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible();
  expect(await heldSet(page)).toEqual(before);
});

/** What the page holds of its data set: names, sizes and a checksum of each split's pixels and labels. */
function heldSet(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const { lab } = document.querySelector('conv-lab') as unknown as {
      lab: {
        data: {
          info: Record<'train' | 'validation' | 'test' | 'height' | 'width' | 'channels', number> & {
            classes: string[];
          };
        };
        worker: {
          images(of: string, split: string, at: number[]): Promise<{ pixels: Uint8Array; labels: Uint8Array }>;
        };
      };
    };
    const { classes, train, validation, test, height, width, channels } = lab.data.info;
    const sum = async (split: string, count: number) => {
      const { pixels, labels } = await lab.worker.images('data', split, [...Array(count).keys()]);
      const digest = await crypto.subtle.digest('SHA-256', new Uint8Array([...pixels, ...labels]));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    };
    const sums = [await sum('train', train + validation), await sum('test', test)];
    return { classes, train, validation, test, size: [height, width, channels], sums };
  });
}

test('own images are saved as one archive, which is read as the same set', async ({ lab, page }, info) => {
  await lab.open('?experiment=net-1&engine=cpu&epochs=1&tab=data');
  await lab.button('Use my own images').click();
  await page.locator('lab-drop-zone input[name=folder]').setInputFiles(folderOfImages(info));
  await expect(page.getByRole('heading', { name: 'Image files (60 of 61 files)' })).toBeVisible();
  const before = await heldSet(page);
  expect(before).toMatchObject({ classes: CLASSES, validation: 9, test: 12, size: [32, 32, 3] });
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Save as one .npz').click()]);
  expect(file.suggestedFilename()).toBe('images.npz');
  const path = info.outputPath('images.npz');
  await file.saveAs(path);
  await page.getByLabel('Data set', { exact: true }).selectOption('custom');
  await expect(page.getByRole('heading', { name: 'Get the data: Own images' })).toBeVisible();
  await page.locator('lab-drop-zone input[name=files]').setInputFiles(path);
  await expect(page.getByRole('heading', { name: 'Own images', exact: true })).toBeVisible();
  expect(await heldSet(page)).toEqual(before);
});
