import { expect, test, vi } from 'vitest';
import { Texts } from '../../../www/src/lab/texts';

test('a text is asked for once, together with the others, and is there after the answer', async () => {
  const worker = { texts: vi.fn(async (questions: { of: number | string }[]) => questions.map(({ of }) => `<${of}>`)) };
  const texts = new Texts(worker);
  const changed = vi.fn();
  texts.subscribe(changed);
  const read = () => [texts.bytes(5), texts.duration(5), texts.className('dense'), texts.bytes(5)];
  expect(read()).toEqual(['', '', '', '']);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
  expect(read()).toEqual(['<5>', '<5>', '<dense>', '<5>']);
  expect(worker.texts.mock.calls).toEqual([
    [
      [
        { kind: 'bytes', of: 5 },
        { kind: 'duration', of: 5 },
        { kind: 'class', of: 'dense' },
      ],
    ],
  ]);
});

test('a text that the engine could not write yet is asked for again', async () => {
  const worker = { texts: vi.fn(async (questions: unknown[]) => questions.map(() => 'five')) };
  worker.texts.mockRejectedValueOnce(new Error('the engine is not loaded'));
  const texts = new Texts(worker);
  expect(texts.bytes(5)).toBe('');
  await vi.waitFor(() => expect(worker.texts).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(texts.bytes(5)).toBe('five'));
  expect(worker.texts).toHaveBeenCalledTimes(2);
});
