/** The address contains all settings of the lab; a damaged one gives an error and nothing else. */
import { expect, test } from './fixtures';

const encoded = (patch: unknown) => Buffer.from(JSON.stringify(patch)).toString('base64url');

test('changes to the experiment travel with the link', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('?experiment=mnist-10&data=synthetic&engine=cpu&seed=9&tab=model');
  const json = page.getByRole('textbox', { name: 'Experiment, as JSON' });
  const changed = JSON.parse(await json.inputValue());
  changed.layers[0].filters = 24;
  changed.optimizer = { type: 'sgd', learning_rate: 0.05 };
  await json.fill(JSON.stringify(changed));
  await lab.button('Apply').click();
  await expect.poll(() => new URL(page.url()).searchParams.get('edit')).not.toBeNull();
  await lab.button('Copy link').click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());
  expect(link.length).toBeLessThan(400);

  await page.goto('about:blank');
  await page.goto(link);
  await expect(lab.button('Start')).toBeEnabled({ timeout: 30_000 });
  await expect(page.getByRole('tab', { name: 'Model' })).toHaveAttribute('aria-selected', 'true');
  const opened = JSON.parse(await page.getByRole('textbox', { name: 'Experiment, as JSON' }).inputValue());
  expect(opened.layers[0].filters).toBe(24);
  expect(opened.optimizer).toEqual({ type: 'sgd', learning_rate: 0.05 });
  await expect(lab.messages).toHaveCount(0);

  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('mnist-4');
  await lab.button('Discard the changes').click();
  await expect.poll(() => new URL(page.url()).searchParams.get('edit')).toBeNull();
});

test.describe('hostile addresses', () => {
  const hostile: [string, string, RegExp][] = [
    ['damaged', 'edit=AAAA', /damaged, so the unchanged experiment is shown/],
    ['of another kind', 'edit=%3Cscript%3Ealert(1)%3C/script%3E', /sets edit, which must be changes to an experiment/],
    [
      'impossible',
      `edit=${encoded({ layers: [{ type: 'dense', units: -1 }] })}`,
      /cannot be used, so the unchanged experiment/,
    ],
    ['unknown options', `edit=${encoded({ __proto__: 1, colour: 'red', batch_size: 'many' })}`, /cannot be used/],
    ['endless', `edit=${'A'.repeat(15_000)}`, /damaged/],
    ['bottomless', `edit=${Buffer.from(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`).toString('base64url')}`, /damaged/],
  ];
  for (const [name, query, message] of hostile) {
    test(name, async ({ lab, page }) => {
      await lab.open(`?experiment=mnist-10&data=synthetic&engine=cpu&train=100&test=20&epochs=1&${query}`);
      await lab.expectMessage(message);
      expect(await lab.messages.count()).toBe(1);
      await lab.tab('Model');
      await expect(page.locator('lab-model-view .totals')).toContainText('6,270');
      await lab.start();
      await lab.finished();
    });
  }
});
