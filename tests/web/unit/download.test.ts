import { expect, test } from 'vitest';
import { shortName } from '../../../www/src/lab/download';

test('a name is cut in its middle, between letters, to what file systems take', () => {
  for (const name of ['net-1.json', `${'x'.repeat(195)}.json`, `${'é'.repeat(97)}.json`]) {
    expect(shortName(name)).toBe(name);
  }
  const long = shortName(`${'x'.repeat(300)}-Ada-submission.json`);
  expect(long).toMatch(/^x{100}-x+-Ada-submission\.json$/);
  for (const name of [long, shortName(`a${'é'.repeat(300)}.json`), shortName(`${'𠀀'.repeat(300)}.json`)]) {
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^[\p{L}.-]+\.json$/u);
  }
});
