/** Parts of a lesson beside text, card and question: a box for the student's own code, and images that the lesson holds. */
import { deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { NET_1, openEditor, save, serveFiles } from './course-system';
import { expect, test } from './fixtures';
import { axeFindings } from './looks';

const CODE = { lesson: 'Code', id: 'code', parts: [{ type: 'code', id: 'mine', text: 'NET I?', experiment: 'net-1' }] };

test('code of the student’s own is compared with a network, and is kept', async ({ lab, page }) => {
  lab.site.extra.set('code.json', Buffer.from(JSON.stringify(CODE)));
  await page.goto(`${lab.site.url}lesson.html?doc=code.json`);
  const box = page.locator('lesson-code');
  const area = box.getByLabel('Keras code');
  const compare = box.getByRole('button', { name: 'Compare with NET I', exact: true });
  await compare.click({ timeout: 40_000 });
  await expect(box.getByText('Write or paste your code first.')).toBeVisible();
  await area.fill(NET_1);
  await compare.click();
  await expect(box.getByText('Your network equals NET I: 193,034 parameters.')).toBeVisible({ timeout: 60_000 });
  expect(await axeFindings(page)).toEqual([]);

  await area.fill(NET_1.replace('Conv2D(64, (3, 3)', 'Conv2D(48, (3, 3)'));
  // What was said is about the code before.
  await area.blur();
  await expect(box.getByText('Your network equals')).toHaveCount(0);
  await compare.click();
  await expect(
    box.getByText(/^Your network is not NET I\. It has 179,194 parameters, NET I has 193,034\.$/),
  ).toBeVisible();
  await expect(
    box.getByText(
      'Layer 3 is the first difference. Yours: Conv2D (relu), output (None, 13, 13, 48), 13,872 parameters. ' +
        'NET I: Conv2D (relu), output (None, 13, 13, 64), 18,496 parameters.',
    ),
  ).toBeVisible();
  await area.fill(NET_1.replace("Dense(512, activation='relu')", 'Dense(512)'));
  await compare.click();
  await expect(box.getByText(/^Layer 8 is .*Yours: Dense, output.*NET I: Dense \(relu\), output/)).toBeVisible();

  await area.fill(NET_1.replace('layers.Flatten()', 'layers.LSTM(4)'));
  await compare.click();
  await expect(box.getByText('One thing in the code is not understood:')).toBeVisible();
  await box.getByRole('button', { name: 'line 11' }).click();
  expect(await area.evaluate((one: HTMLTextAreaElement) => one.value.slice(one.selectionStart, one.selectionEnd))).toBe(
    'model.add(layers.LSTM(4))',
  );
  expect(await axeFindings(page)).toEqual([]);
  await area.fill('print(1');
  await compare.click();
  await expect(box.getByRole('alert')).toBeVisible();
  await area.fill(NET_1);
  await page.reload();
  await expect(area).toHaveValue(NET_1);
  await expect(page.getByText('You have finished this lesson.')).toBeVisible();
});

test('a box for code is made in the editor', async ({ lab, page }) => {
  await openEditor(lab, page);
  await page.getByRole('button', { name: 'Add code' }).click();
  const part = page.getByRole('region', { name: '4. Code' });
  await part.getByLabel('What to write, in Markdown').fill('Write NET II.');
  await part.getByLabel('Experiment to compare the network with').selectOption('net-2');
  await part.getByLabel('Name of the box').fill('net');
  await expect(page.locator('.preview').getByText('Write NET II.')).toBeVisible();
  await expect(page.locator('.preview').getByRole('button', { name: 'Compare with NET II' })).toBeVisible();
  const { parts } = JSON.parse(strFromU8((await save(page, 'JSON file')).bytes));
  expect(parts.at(-1)).toEqual({ type: 'code', id: 'net', experiment: 'net-2', text: 'Write NET II.' });
});

/** A gray PNG image of a size. */
function png(side: number): Buffer {
  const crc = (bytes: Buffer) => {
    let value = ~0;
    for (const byte of bytes) {
      value ^= byte;
      for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
    }
    return ~value >>> 0;
  };
  const chunk = (name: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), content]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc(side * (side + 1), 0x80).map((byte, i) => (i % (side + 1) === 0 ? 0 : byte)));
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

async function expectImage(page: Page, within: string): Promise<void> {
  const image = page.locator(within).getByRole('img', { name: 'What the image shows' });
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(60);
}

test('a local image is shown in the preview, the saved files and the packages', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await openEditor(lab, page);
  const part = page.getByRole('region', { name: '1. Text' });
  const add = async (name: string, mimeType: string, buffer: Buffer) => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      part.getByRole('button', { name: 'Add image…' }).click(),
    ]);
    await chooser.setFiles({ name, mimeType, buffer });
  };
  await add('bad.svg', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'));
  await expect(part.getByText('bad.svg is not a PNG, JPEG, WebP or GIF image.')).toBeVisible();
  await add('renamed.png', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  await expect(part.getByText('renamed.png is not a PNG, JPEG, WebP or GIF image.')).toBeVisible();
  await add('large.png', 'image/png', Buffer.concat([png(60), Buffer.alloc(1 << 20)]));
  await expect(part.getByText('large.png has more than 1 MB. Make the image smaller first.')).toBeVisible();
  await add('Grauer Würfel (1).PNG', 'image/png', png(60));
  await expect(part.getByText('has more than 1 MB')).toBeHidden();
  await expect(part.getByLabel('Text, in Markdown')).toHaveValue(/!\[What the image shows\]\(Grauer-Wurfel-1\.png\)$/);
  await expectImage(page, '.preview');
  expect(await axeFindings(page)).toEqual([]);

  // The draft with its image survives a reload.
  await page.reload();
  await expectImage(page, '.preview');
  for (const kind of ['Markdown file', 'JSON file']) {
    const { name, bytes } = await save(page, kind);
    lab.site.extra.set(name, Buffer.from(bytes));
    await page.goto(`${lab.site.url}lesson.html?doc=${name}`);
    await expectImage(page, 'lesson-view');
    await page.goto(`${lab.site.url}lesson-editor.html`);
  }
  for (const kind of ['Zip for any web server', 'SCORM 1.2']) {
    const site = await serveFiles(unzipSync((await save(page, kind)).bytes));
    try {
      await page.goto(site.url);
      await expectImage(page, 'lesson-view');
    } finally {
      await site.close();
    }
    await page.goto(`${lab.site.url}lesson-editor.html`);
  }
  // Without the text that shows it: the preview would ask the server for an image of this name.
  await part.getByLabel('Text, in Markdown').fill('No image.');
  await expect(page.locator('.preview img')).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete the image Grauer-Wurfel-1.png' }).click();
  await expect(page.getByRole('group', { name: 'Images' })).toHaveCount(0);
});
