/** What the address of a frame and the attributes of an element may do: an address can be made by anyone. */
import { expect, type Page, test } from '@playwright/test';
import { ATTRIBUTES, FRAME_ATTRIBUTES } from '../../www/src/embed/attributes';
import { type Site, serveSite } from './server';

const SMALL = 'data=synthetic&engine=cpu&epochs=1&train=200&test=50';
const start = (page: Page) => page.getByRole('button', { name: 'Start' });
const message = (page: Page) => page.locator('lab-messages .message');

let site: Site;
let other: Site;
let errors: string[];

test.beforeEach(async ({ page }) => {
  site = await serveSite();
  other = await serveSite(new Map(), { crossOrigin: true });
  errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
});
test.afterEach(async () => {
  await site.close();
  await other.close();
  expect(errors).toEqual([]);
});

test('the list of attributes is that of the element', async ({ page }) => {
  await page.goto(`${site.url}embed.html`);
  await page.waitForFunction(() => customElements.get('conv-lab') !== undefined);
  const observed = await page.evaluate(
    () => (customElements.get('conv-lab') as unknown as { observedAttributes: string[] }).observedAttributes,
  );
  // `lang` is HTML's own.
  expect([...observed, 'lang'].sort()).toEqual([...ATTRIBUTES].sort());
});

const FOREIGN = [
  'onclick=alert(1)',
  'onfocus=alert(1)&tabindex=1&autofocus=',
  '=1',
  'style=color:red',
  'lab-url=javascript:alert(1)',
  'page=',
  'id=x',
  'innerHTML=<img src=x onerror=alert(1)>',
  '%00=1',
  'a b=1',
];

for (const parameter of FOREIGN) {
  test(`embed.html?${parameter}: one message, no attribute, and the lab works`, async ({ page }) => {
    await page.goto(`${site.url}embed.html?${SMALL}&experiment=mnist-10&${parameter}`);
    await expect(start(page)).toBeEnabled({ timeout: 40_000 });
    await expect(
      message(page).filter({ hasText: /The address of this frame sets .*It can set: experiment, / }),
    ).toHaveCount(1);
    const given = await page.evaluate(() => document.querySelector('conv-lab')?.getAttributeNames() ?? []);
    expect(given.filter((name) => name !== 'lab-url' && !FRAME_ATTRIBUTES.includes(name))).toEqual([]);
    expect(await page.evaluate(() => document.querySelector('conv-lab')?.getAttribute('lab-url'))).toBe(site.url);
    await page.locator('conv-lab').click({ position: { x: 3, y: 3 } });
    await start(page).click();
    await expect(page.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  });
}

test('an experiment of another site is fetched only after the student has agreed', async ({ page }) => {
  const address = `${other.url}lessons/too-fast.json`;
  await page.goto(`${site.url}embed.html?${SMALL}&experiment=${encodeURIComponent(address)}`);
  const question = page.locator('lab-question');
  await expect(question).toContainText(`Load an experiment from ${new URL(other.url).host}?`, { timeout: 40_000 });
  await expect(question).toContainText(address);
  await page.waitForTimeout(300);
  expect(other.requests).toEqual([]);
  await question.getByRole('button', { name: 'Load it', exact: true }).click();
  await expect(page.locator('.title')).toHaveText(/a hundred times faster/, { timeout: 40_000 });
  expect(other.requests).toEqual(['lessons/too-fast.json']);
});

test('without agreement nothing is fetched, also for the element of a page', async ({ page }) => {
  const address = `${other.url}lessons/too-fast.json`;
  site.extra.set(
    'page.html',
    Buffer.from(`<!doctype html><title>x</title><script type="module" src="./conv-lab.js"></script>
      <conv-lab compact data="synthetic" experiment="${address}" lab-url="javascript:alert(1)"></conv-lab>`),
  );
  await page.goto(`${site.url}page.html`);
  await page.locator('lab-question').getByRole('button', { name: 'Do not load it' }).click({ timeout: 40_000 });
  await expect(message(page).filter({ hasText: /was not loaded, because you did not allow it/ })).toHaveCount(1);
  await expect(message(page).filter({ hasText: /lab-url .* must be an address that begins with https/ })).toHaveCount(
    1,
  );
  await expect(start(page)).toBeEnabled({ timeout: 40_000 });
  const link = page.getByRole('link', { name: 'Open in the full lab' });
  expect(await link.getAttribute('href')).toMatch(new RegExp(`^${site.url}`));
  expect(other.requests).toEqual([]);
});

test('an own address is fetched at once, but not where it redirects to another site', async ({ page }) => {
  await page.goto(`${site.url}embed.html?${SMALL}&experiment=lessons/too-fast.json`);
  await expect(page.locator('.title')).toHaveText(/a hundred times faster/, { timeout: 40_000 });
  await page.route('**/redirect.json', (route) =>
    route.fulfill({ status: 302, headers: { Location: `${other.url}lessons/too-fast.json` } }),
  );
  await page.goto(`${site.url}embed.html?${SMALL}&experiment=redirect.json`);
  await expect(message(page).filter({ hasText: /redirect.json could not be fetched/ })).toHaveCount(1, {
    timeout: 40_000,
  });
  expect(other.requests).toEqual([]);
});

test('an address that is none of the web is refused', async ({ page }) => {
  await page.goto(`${site.url}embed.html?${SMALL}&experiment=${encodeURIComponent('data:application/json,{}')}`);
  await expect(message(page).filter({ hasText: /must be the name of an experiment/ })).toHaveCount(1, {
    timeout: 40_000,
  });
});
