/** Images from a camera become classes. Chromium offers a camera of its own, which shows a moving picture. */
import { launchOptions, WEBGPU_FLAGS } from './browser';
import { expect, test } from './fixtures';

const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

test.use({ launchOptions: launchOptions([...WEBGPU_FLAGS, ...CAMERA]) });

test('a held button fills a class with frames, and the classes are a data set', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=1&tab=data');
  await lab.button('Use my own images').click();
  await lab.button('Use the camera').click();
  const camera = page.locator('lab-webcam');
  await expect(camera.locator('video')).toBeVisible();
  await expect
    .poll(() => camera.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth))
    .toBeGreaterThan(0);
  await camera.getByLabel('Name of class 1').fill('cup');
  await camera.getByLabel('Name of class 1').press('Tab');
  for (const name of ['cup', 'Class 2']) {
    const hold = lab.button(`Hold to record ${name}`);
    // With the keyboard, which needs no pointer.
    await hold.focus();
    await page.keyboard.down('Space');
    await expect(camera.locator('li', { has: hold })).toContainText(/\b([6-9]|\d\d) frames/);
    await page.keyboard.up('Space');
  }
  await camera.getByRole('button', { name: /^Use these \d+ images$/ }).click();
  await expect(page.getByRole('heading', { name: 'Image files', exact: true })).toBeVisible();
  await expect(page.locator('lab-bars').getByText('cup')).toBeVisible();
});

test('a camera that is allowed only after its view was left is turned off', async ({ lab, page }) => {
  interface Scope {
    opened: MediaStream[];
    allow(): void;
  }
  await page.addInitScript(() => {
    const scope = globalThis as unknown as Scope;
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    const allowed = new Promise<void>((resolve) => {
      scope.allow = resolve;
    });
    scope.opened = [];
    const ask = async (what: MediaStreamConstraints) => {
      const stream = await open(what);
      scope.opened.push(stream);
      await allowed;
      return stream;
    };
    Object.defineProperty(mediaDevices, 'getUserMedia', { value: ask });
  });
  await lab.open('?experiment=mnist-10&engine=cpu&tab=data');
  await lab.button('Use my own images').click();
  await lab.button('Use the camera').click();
  await expect(lab.button('Use the camera')).toBeDisabled();
  const states = () =>
    page.evaluate(() =>
      (globalThis as unknown as Scope).opened.flatMap((stream) =>
        stream.getTracks().map(({ readyState }) => readyState),
      ),
    );
  await expect.poll(states).toEqual(['live']);
  await lab.tab('Model');
  await page.evaluate(() => (globalThis as unknown as Scope).allow());
  await expect.poll(states).toEqual(['ended']);
});

for (const [why, sentence] of [
  ['NotAllowedError', /The camera was refused/],
  ['NotFoundError', /This device has no camera\. Give image files instead\./],
  ['NotReadableError', /Another program may be using it/],
] as const) {
  test(`a camera that cannot be opened (${why}) is a sentence, and can be tried again`, async ({ lab, page }) => {
    await page.addInitScript((name) => {
      const refused = () => Promise.reject(new DOMException('refused', name));
      Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: refused });
    }, why);
    await lab.open('?experiment=mnist-10&engine=cpu&tab=data');
    await lab.button('Use my own images').click();
    await lab.button('Use the camera').click();
    await lab.expectMessage(sentence);
    await expect(lab.button('Use the camera')).toBeEnabled();
  });
}
