/** The student's own experiments and runs: saved, named, copied, deleted and restored; unsaved changes are never lost without a question. */
import { expect, type LabPage, test } from './fixtures';
import { expectSound } from './looks';

const OPEN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=200&test=100&epochs=1';

const choice = (lab: LabPage) => lab.page.getByRole('combobox', { name: 'Experiment' });
const chosen = (lab: LabPage) => choice(lab).locator('option:checked');
const question = (lab: LabPage) => lab.page.getByRole('dialog');
const json = (lab: LabPage) => lab.page.getByRole('textbox', { name: 'Experiment, as JSON' });

/** Changes the number of filters of the first layer. */
async function change(lab: LabPage, filters: number): Promise<void> {
  await lab.tab('Model');
  const document = JSON.parse(await json(lab).inputValue());
  document.layers[0].filters = filters;
  await json(lab).fill(JSON.stringify(document));
  await lab.button('Apply').click();
  await expect(lab.page.getByText('not saved', { exact: true })).toBeVisible();
}

const filters = async (lab: LabPage) => JSON.parse(await json(lab).inputValue()).layers[0].filters;

test('changes are kept, saved or given up, as the student answers', async ({ lab }) => {
  await lab.open(OPEN);
  await change(lab, 24);
  await choice(lab).selectOption('mnist-4');
  await expect(question(lab)).toContainText('Save the changes to');
  await lab.page.keyboard.press('Escape');
  await expect(question(lab)).toBeHidden();
  await expect(choice(lab)).toHaveValue('mnist-10');
  expect(await filters(lab)).toBe(24);

  await choice(lab).selectOption('mnist-4');
  await question(lab).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(choice(lab)).toHaveValue('mnist-4');
  const own = choice(lab).locator('optgroup[label="My experiments"] option');
  await expect(own).toHaveCount(1);

  await lab.page.reload();
  await expect(lab.button('Start')).toBeEnabled({ timeout: 30_000 });
  await choice(lab).selectOption({ label: (await own.innerText()).trim() });
  await expect.poll(() => filters(lab)).toBe(24);
  await expect(lab.page.getByText('not saved', { exact: true })).toBeHidden();

  await change(lab, 20);
  await choice(lab).selectOption('mnist-10');
  await lab.button('Discard the changes').click();
  await expect.poll(() => filters(lab)).toBe(16);
});

test('imported code and models take the place of changes only after a question', async ({ lab, page }, info) => {
  test.setTimeout(180_000);
  const code = (units: number) => `import keras
from keras import layers
model = keras.Sequential([
  keras.Input(shape=(28, 28, 1)), layers.Flatten(), layers.Dense(${units}, activation="relu"), layers.Dense(10, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")`;
  await lab.open(OPEN);
  await change(lab, 24);
  const given = lab.page.getByLabel('Keras code');
  await given.fill(code(12));
  await lab.button('Import').click();
  await expect(question(lab)).toContainText('Save the changes to');
  await expectSound(page, 'question', info);
  await page.setViewportSize({ width: 1280, height: 900 });
  await question(lab).getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(question(lab)).toBeHidden();
  expect(await filters(lab)).toBe(24);
  await expect(given).toHaveValue(code(12));

  // Also where the set-up is folded.
  await page.setViewportSize({ width: 390, height: 900 });
  await lab.button('Import').click();
  await question(lab).getByRole('button', { name: 'Save', exact: true }).click();
  await page.setViewportSize({ width: 1280, height: 900 });
  const units = async () => JSON.parse(await json(lab).inputValue()).layers[1].units;
  await expect.poll(units).toBe(12);
  await expect(choice(lab).locator('optgroup[label="My experiments"] option')).toHaveCount(1);
  // Code that comes again, and is unchanged in between, needs no question.
  await given.fill(code(14));
  await lab.button('Import').click();
  await expect.poll(units).toBe(14);
  await expect(question(lab)).toBeHidden();
  // A dropped file is asked for, too.
  const changed = JSON.parse(await json(lab).inputValue());
  changed.layers[1].units = 15;
  await json(lab).fill(JSON.stringify(changed));
  await lab.button('Apply').click();
  await expect.poll(units).toBe(15);
  await lab.dropBytes([['model.py', Buffer.from(code(16))]], info);
  await lab.button('Discard the changes').click();
  await expect.poll(units).toBe(16);
  await lab.button('Undo').click();
  await expect.poll(units).toBe(15);
});

test('an experiment is copied, renamed, deleted and restored; an empty network trains', async ({ lab, page }) => {
  await lab.open(OPEN);
  await lab.button('Duplicate').click();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await expect(name).toHaveValue(/\(copy\)$/);
  await name.fill('Übung 3');
  await name.press('Enter');
  await expect(chosen(lab)).toHaveText('Übung 3');
  // The copy is open after a reload, since its name is part of the address.
  await page.reload();
  await expect(lab.button('Start')).toBeEnabled({ timeout: 30_000 });
  await expect(chosen(lab)).toHaveText('Übung 3');
  await lab.button('Delete the experiment “Übung 3”').click();
  await expect(choice(lab).locator('option', { hasText: 'Übung 3' })).toHaveCount(0);
  await lab.button('Undo').click();
  await expect(chosen(lab)).toHaveText('Übung 3');

  await lab.button('Empty network').click();
  await expect(page.locator('lab-setup h2').first()).toHaveText('Empty network');
  await lab.button('Save').click();
  await expect(chosen(lab)).toHaveText('Empty network');
  await lab.button('Empty network').click();
  await expect(page.locator('lab-setup h2').first()).toHaveText('Empty network 2');
  await lab.start();
  await lab.finished();
});

test('two runs of one preset are told apart, named, found, deleted and restored', async ({ lab, page }, info) => {
  await lab.open(OPEN);
  await lab.start();
  await lab.finished();
  await lab.start();
  await lab.finished();
  await lab.tab('Compare');
  const names = page.locator('lab-runs-table tbody th');
  await expect(names).toHaveText([/mnist-10 \(2\)/, /mnist-10(?! \()/]);
  await lab.button(/^Name, tags and notes of mnist-10 \(2\)/).click();
  const notes = page.locator('lab-run-notes');
  await notes.getByLabel('Name').fill('Second try');
  await notes.getByLabel('Tags').fill('week 3, adam');
  await notes.getByLabel('Notes').fill('The loss falls faster.');
  await notes.getByLabel('Notes').blur();
  await expect(names.first()).toContainText('Second try');
  await expect(names.first().locator('.badge')).toHaveText(['week 3', 'adam']);
  await lab.open(`${OPEN}&tab=compare`);
  await expect(names.first()).toContainText('Second try');
  await expect(page.locator('lab-compare-table thead th').first()).toContainText('2 seeds');

  await lab.button(/^Name, tags and notes of Second try/).click();
  await lab.button('Duplicate').click();
  await lab.button(/^Delete Second try/).click();
  await expect(names).toHaveCount(1);
  await expectSound(page, 'runs', info);
  await lab.button('Undo').click();
  await expect(names).toHaveCount(2);
  await lab.open(`${OPEN}&tab=compare`);
  await expect(names.first()).toContainText('Second try');
});
