import { deflateSync, strFromU8, strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { packed, ScormSession, sessionTime, unpacked } from '../../../www/src/lesson/scorm';
import type { Progress } from '../../../www/src/lesson/store';

const progress = (...texts: string[]): Progress => ({
  answers: Object.fromEntries(texts.map((value, i) => [`q${i}`, { value }])),
  runs: { run: { accuracy: 0.9, guess: null } },
});

it.each([['short'], ['Weil es schön ist – 因为 🙂'], ['the same words again and again '.repeat(120)]])(
  'answers are packed into signs of ASCII and unpacked: %.30s',
  (text) => {
    const { text: kept, isWhole } = packed(progress(text, '2'), 4096);
    expect(isWhole).toBe(true);
    expect(kept).toMatch(/^[ -~]{1,4096}$/);
    expect(unpacked(kept)).toEqual(progress(text, '2'));
  },
);

it('what does not fit is shortened, the longest text first', () => {
  const long = Array.from({ length: 9000 }, (_, i) =>
    String.fromCharCode(33 + (((i * i * 31 + i * 7) % 8999) % 90)),
  ).join('');
  const { text, isWhole } = packed(progress(long, 'short'), 4096);
  expect(isWhole).toBe(false);
  expect(text.length).toBeLessThanOrEqual(4096);
  const kept = unpacked(text) as Progress;
  expect(kept.answers.q1).toEqual({ value: 'short' });
  expect(long.startsWith(String(kept.answers.q0?.value))).toBe(true);
  expect(kept.runs).toEqual(progress().runs);
});

it.each(['', 'null?', '{', 'z:', 'z:!!!', 'z:AAAA'])('suspended data of others are left out: %j', (text) => {
  expect(unpacked(text)).toBeNull();
});

it('a small text cannot become a very large one', () => {
  const bomb = `z:${btoa(strFromU8(deflateSync(strToU8(`"${'0'.repeat(4_000_000)}"`)), true))}`;
  expect(bomb.length).toBeLessThan(100_000);
  expect(unpacked(bomb)).toBeNull();
});

it('times are written as each version wants them', () => {
  const time = ((1 * 60 + 2) * 60 + 3.456) * 1000;
  expect(sessionTime('1.2', time)).toBe('0001:02:03.46');
  expect(sessionTime('2004', time)).toBe('PT1H2M3.46S');
});

it('without a course system there is no session, also inside a frame of another site', () => {
  const alone = {} as { parent: unknown };
  alone.parent = alone;
  const foreign = {
    get API(): never {
      throw new DOMException('Blocked a frame', 'SecurityError');
    },
  };
  expect(ScormSession.start(alone as unknown as Window)).toBeNull();
  expect(ScormSession.start({ parent: foreign } as unknown as Window)).toBeNull();
  expect(ScormSession.start({ API: { LMSInitialize: () => 'false' } } as unknown as Window)).toBeNull();
});
