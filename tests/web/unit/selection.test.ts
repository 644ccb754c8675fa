import { beforeEach, expect, test, vi } from 'vitest';
import type { Experiment, PresetHead, Summary } from '../../../www/src/base/engine';
import type { Settings } from '../../../www/src/base/settings';
import { Selection } from '../../../www/src/lab/selection';
import { experiment } from './documents';

const NAMES = ['one', 'two'];
const summary = (name: string) => ({ name, layers: [] }) as unknown as Summary;

/** A selection of two presets, whose engine refuses experiments of zero epochs. */
class Fake extends Selection {
  /** The answers to be given, in the order of the questions. */
  readonly answers: (() => void)[] = [];
  readonly messages = { error: vi.fn(), notice: vi.fn() };
  readonly data = {
    origin: 'official' as 'official' | 'synthetic',
    syntheticName: null,
    hasChoice: false,
    info: null,
  };
  readonly worker = {
    presetList: async () => ({
      heads: NAMES.map((id) => ({ id, title: id, dataset: 'mnist', trainable: true }) as PresetHead),
      first: experiment('one'),
    }),
    presets: async () => NAMES.map((id) => ({ experiment: experiment(id) })),
    summary: async ({ name, epochs }: Experiment) => {
      if (epochs === 0) throw new Error('epochs: must be above zero');
      return summary(name);
    },
    check: ({ name }: Experiment) =>
      new Promise((resolve) => void this.answers.push(() => resolve({ summary: summary(name) }))),
  } as unknown as Selection['worker'];

  open = () => this.loadPresets();
  choose = (changes: Partial<Settings>) => this.change(changes);
  take = (edited: Experiment | null) => this.adopt(edited);
  read = () => this.readEdit();
  ask = () => this.check();
}

let selection: Fake;

beforeEach(async () => {
  selection = new Fake();
  await selection.open();
  await selection.loadPreset('two');
  selection.choose({ experiment: 'one' });
});

test('another preset gives up the edited experiment, other settings keep it', () => {
  selection.take(experiment('one', 7));
  expect(selection.choose({ seed: 3 })).toBe(false);
  expect([selection.document?.epochs, selection.document?.seed]).toEqual([7, 3]);
  expect(selection.choose({ experiment: 'two' })).toBe(true);
  expect([selection.custom, selection.settings.edit, selection.document?.name]).toEqual([null, null, 'two']);
});

test('an edit goes through the address; an invalid one leaves the preset and is named', async () => {
  const edited = async (epochs: number) => {
    selection.take(experiment('one', epochs));
    const { edit } = selection.settings;
    selection.take(null);
    selection.choose({ edit });
    await selection.read();
    return [selection.document?.epochs, selection.settings.edit === edit];
  };
  expect(await edited(9)).toEqual([9, true]);
  expect(selection.messages.error).not.toHaveBeenCalled();
  selection.choose({ experiment: 'two' });
  selection.choose({ experiment: 'one' });
  expect(await edited(0)).toEqual([5, false]);
  expect(selection.messages.error).toHaveBeenCalledWith(expect.stringContaining('must be above zero'));
});

test('changes that are too long for an address are selected without it, which is said', () => {
  const layers = Array(2000).fill({ type: 'dense', units: 3, name: 'wide' });
  const long = { ...experiment('one'), layers } as Experiment;
  selection.take(long);
  expect([selection.custom, selection.settings.edit]).toEqual([long, null]);
  expect(selection.messages.notice).toHaveBeenCalledTimes(1);
});

test('the answer about an earlier experiment is ignored', async () => {
  const first = selection.ask();
  selection.choose({ experiment: 'two' });
  const second = selection.ask();
  for (const answer of selection.answers.reverse()) answer();
  expect([await first, await second]).toEqual([false, true]);
  expect(selection.summary).toMatchObject({ name: 'two' });
});

test('a link from a lab that trains on real data keeps them; it leads to no synthetic ones', () => {
  const data = () => new URLSearchParams(selection.address).get('data');
  // The only data there are need no choice.
  expect(data()).toBeNull();
  selection.data.hasChoice = true;
  expect(data()).toBe('official');
  selection.data.origin = 'synthetic';
  expect(data()).toBeNull();
  selection.choose({ data: 'synthetic' });
  expect(data()).toBe('synthetic');
  selection.data.origin = 'official';
  selection.choose({ data: 'official' });
  expect(data()).toBe('official');
});
