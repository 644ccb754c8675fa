/** The student's own images: a folder of them becomes a data set with its own classes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Page, TestInfo } from '@playwright/test';
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
