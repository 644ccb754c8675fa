/** Texts are saved while they are written: nothing is lost when the page is left before a field is. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AsWritten } from '../../../www/src/ui/as-written';

let page: EventTarget;
beforeEach(() => {
  page = new EventTarget();
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function fields() {
  const written = new AsWritten({ addController: () => undefined } as unknown as ConstructorParameters<
    typeof AsWritten
  >[0]);
  written.hostConnected();
  const saved: string[] = [];
  const event = (field: string, type: 'input' | 'change') => (value: string) =>
    written.on(field, (text) => saved.push(`${field}: ${text.trim()}`))({
      type,
      target: { value },
    } as unknown as Event);
  return {
    written,
    saved,
    write: (field: string) => event(field, 'input'),
    leave: (field: string) => event(field, 'change'),
  };
}

test('a pause in writing saves, and the field keeps what is typed', () => {
  const { written, saved, write, leave } = fields();
  write('notes')('The');
  write('notes')('The loss ');
  expect(saved).toEqual([]);
  vi.advanceTimersByTime(5000);
  expect(saved).toEqual(['notes: The loss']);
  expect(written.shown('notes', 'The loss')).toBe('The loss ');
  expect(written.shown('tags', 'a, b')).toBe('a, b');
  leave('notes')('The loss ');
  expect(written.shown('notes', 'The loss')).toBe('The loss');
  vi.advanceTimersByTime(5000);
  expect(saved).toEqual(['notes: The loss', 'notes: The loss']);
});

test('leaving the page, the view or the field saves at once, and once', () => {
  const { written, saved, write } = fields();
  write('notes')('a');
  page.dispatchEvent(new Event('pagehide'));
  write('notes')('ab');
  write('tags')('t');
  expect(saved).toEqual(['notes: a', 'notes: ab']);
  written.hostDisconnected();
  expect(saved.at(-1)).toBe('tags: t');
  page.dispatchEvent(new Event('pagehide'));
  vi.advanceTimersByTime(5000);
  expect(saved).toHaveLength(3);
});
