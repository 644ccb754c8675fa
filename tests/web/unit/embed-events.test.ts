import { describe, expect, it } from 'vitest';
import { announcer } from '../../../www/src/embed/events';
import type { Lab } from '../../../www/src/lab/lab';

/** The members of a lab that its events are made from. */
function fakeLab() {
  const log = { epochs: [] as object[] };
  const run = { state: 'idle', log, info: { epochs: 2 }, result: null as object | null };
  const messages = { list: [] as { id: number; kind: string; text: string }[] };
  return { run, messages };
}

function listening(guess: number | null = null) {
  const lab = fakeLab();
  const target = new EventTarget();
  const heard: [string, unknown][] = [];
  for (const type of ['convlab-state', 'convlab-epoch', 'convlab-done', 'convlab-error']) {
    target.addEventListener(type, (event) => heard.push([type, (event as CustomEvent).detail]));
  }
  return { lab, heard, tell: announcer(lab as unknown as Lab, target, () => guess) };
}

describe('the element’s events', () => {
  it('report each epoch once, and the end with all epochs and the guess', () => {
    const { lab, heard, tell } = listening(0.8);
    lab.run.log.epochs.push({ epoch: 1, loss: 2 });
    tell();
    tell();
    lab.run.log.epochs.push({ epoch: 2, loss: 1 });
    Object.assign(lab.run, { state: 'done', result: { accuracy: 0.9 } });
    tell();
    tell();
    expect(heard.map(([type]) => type)).toEqual(['convlab-epoch', 'convlab-epoch', 'convlab-done', 'convlab-state']);
    expect(heard[0]?.[1]).toEqual({ epoch: 1, loss: 2, epochs: 2 });
    expect(heard[2]?.[1]).toMatchObject({ accuracy: 0.9, guess: 0.8, epochs: [{ epoch: 1 }, { epoch: 2 }] });
  });

  it('start again with another run', () => {
    const { lab, heard, tell } = listening();
    lab.run.log.epochs.push({ epoch: 1 });
    tell();
    lab.run.log = { epochs: [{ epoch: 1 }] };
    tell();
    expect(heard.filter(([type]) => type === 'convlab-epoch')).toHaveLength(2);
  });

  it('report errors, not notices, and each once', () => {
    const { lab, heard, tell } = listening();
    lab.messages.list = [
      { id: 1, kind: 'notice', text: 'slow' },
      { id: 2, kind: 'error', text: 'wrong' },
    ];
    tell();
    lab.messages.list = lab.messages.list.slice(1);
    tell();
    expect(heard).toEqual([['convlab-error', { message: 'wrong' }]]);
  });
});
