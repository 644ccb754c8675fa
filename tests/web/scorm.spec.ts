/**
 * SCORM packages of the editor under a kept run-time, in a frame of another site in a browser that gives it no storage.
 */
import { strFromU8, strToU8, unzipSync } from 'fflate';
import {
  courseSystem,
  type Functions,
  framed,
  LESSON,
  leaveAndReturn,
  openEditor,
  prefixed,
  save,
  scoOf,
  serveFiles,
  systemFrame,
  value,
  withoutThirdPartyStorage,
} from './course-system';
import { expect, test } from './fixtures';

for (const version of ['1.2', '2004'] as const) {
  test(`SCORM ${version}: a pupil works, leaves and comes back in a course system without storage`, async ({
    lab,
    page,
  }) => {
    test.setTimeout(180_000);
    await openEditor(lab, page, LESSON);
    const { name, bytes } = await save(page, `SCORM ${version}`);
    expect(name).toBe(`week-3-scorm-${version.replace('.', '')}.zip`);
    const files = unzipSync(bytes);
    const manifest = await page.evaluate(
      (xml) => {
        const document = new DOMParser().parseFromString(xml, 'application/xml');
        return {
          error: document.querySelector('parsererror')?.textContent ?? '',
          title: document.querySelector('item > title')?.textContent,
          start: document.querySelector('resource')?.getAttribute('href'),
          files: [...document.querySelectorAll('file')].map((file) => file.getAttribute('href')),
          version: document.querySelector('schemaversion')?.textContent,
        };
      },
      strFromU8(files['imsmanifest.xml'] as Uint8Array),
    );
    expect(manifest).toMatchObject({ error: '', title: LESSON.lesson, start: 'index.html' });
    expect(manifest.version).toMatch(version === '1.2' ? /^1\.2$/ : /^2004/);
    expect(manifest.files.sort()).toEqual(
      Object.keys(files)
        .filter((file) => file !== 'imsmanifest.xml')
        .sort(),
    );

    const is12 = version === '1.2';
    const lms = await serveFiles({ ...prefixed('sco/', files), ...courseSystem(version) });
    const school = await serveFiles({ 'index.html': strToU8(framed(`${lms.url}lms.html`)) }, '127.0.0.1');
    const profile = await withoutThirdPartyStorage();
    try {
      const pupil = profile.context.pages()[0] ?? (await profile.context.newPage());
      const errors: string[] = [];
      pupil.on('pageerror', (error) => errors.push(String(error)));
      await pupil.goto(school.url);
      const lesson = await scoOf(pupil);
      const stored = await lesson.evaluate(() => {
        try {
          localStorage.setItem('a', 'b');
          return true;
        } catch {
          return false;
        }
      });
      expect(stored, 'the browser blocks the storage of other sites').toBe(false);
      await expect(lesson.getByRole('heading', { level: 1 })).toHaveText(LESSON.lesson);
      await expect(lesson.getByText('Your answers are kept in your course system.')).toBeVisible();
      const question = (text: string) => lesson.locator('lesson-question').filter({ hasText: text });
      await question('What accuracy').getByRole('textbox').fill('10');
      await question('What accuracy').getByRole('button', { name: 'Check' }).click();
      await question('Which?').getByText('The images').click();
      await question('Which?').getByRole('button', { name: 'Check' }).click();
      await question('Why?').getByRole('textbox').fill('Weil es schön ist – 因为.');
      await question('Why?').getByRole('textbox').blur();
      await lesson.locator('conv-lab').scrollIntoViewIfNeeded();
      expect(await value(pupil, is12 ? 'cmi.core.lesson_status' : 'cmi.completion_status')).toBe('incomplete');
      expect(await value(pupil, is12 ? 'cmi.core.score.raw' : 'cmi.score.raw')).toBe('50');

      // Leaves, as a course system does it: the frame goes. The next session begins with what was suspended.
      await leaveAndReturn(pupil);
      const again = await scoOf(pupil);
      const back = (text: string) => again.locator('lesson-question').filter({ hasText: text });
      await expect(back('Why?').getByRole('textbox')).toHaveValue('Weil es schön ist – 因为.');
      await expect(back('What accuracy').getByText('Right.')).toBeVisible();
      await expect.poll(() => again.evaluate(() => scrollY), { message: 'the position' }).toBeGreaterThan(100);

      await again.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 40_000 });
      await expect(again.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
      await back('Which?').getByText('The seed').click();
      await back('Which?').getByRole('button', { name: 'Check' }).click();
      await expect
        .poll(() => value(pupil, is12 ? 'cmi.core.lesson_status' : 'cmi.completion_status'))
        .toBe('completed');
      expect(await value(pupil, is12 ? 'cmi.core.score.raw' : 'cmi.score.raw')).toBe('100');
      if (!is12) expect(await value(pupil, 'cmi.score.scaled')).toBe('1');
      // The run-time has accepted all values.
      expect(await systemFrame(pupil).evaluate(() => (window as unknown as { problems: string[] }).problems)).toEqual(
        [],
      );
      expect(errors).toEqual([]);
      expect(lms.missing).toEqual([]);
    } finally {
      await profile.close();
      await lms.close();
      await school.close();
    }
  });
}

test('what is longer than SCORM 1.2 keeps is shortened, and the pupil is told', async ({ lab, page }) => {
  const questions = Array.from({ length: 3 }, (_, i) => ({ type: 'question', id: `q${i}`, text: `Why ${i}?` }));
  await openEditor(lab, page, { ...LESSON, parts: questions });
  const { bytes } = await save(page, 'SCORM 1.2');
  const lms = await serveFiles({ ...prefixed('sco/', unzipSync(bytes)), ...courseSystem('1.2') });
  try {
    await page.goto(`${lms.url}lms.html`);
    const lesson = page.frameLocator('iframe');
    // Random letters cannot be compressed to less than this.
    let seed = 1;
    const letter = () => {
      seed = (seed * 48271) % 2147483647;
      return String.fromCharCode(97 + (seed % 26));
    };
    for (const i of [0, 1]) {
      await lesson
        .getByRole('textbox')
        .nth(i)
        .fill(Array.from({ length: 3900 }, letter).join(''));
      await lesson.getByRole('textbox').nth(i).blur();
    }
    await expect(lesson.getByText('Your course system does not keep all of your answers')).toBeVisible();
    const text = await page.evaluate(() =>
      (window as unknown as { API: Functions }).API.LMSGetValue?.('cmi.suspend_data'),
    );
    expect(text?.length).toBeGreaterThan(3000);
    expect(text?.length).toBeLessThanOrEqual(4096);
  } finally {
    await lms.close();
  }
});
