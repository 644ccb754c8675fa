/** The student's own experiments: what belongs to which one, so that saving never overwrites another. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Experiment, LayerEdit } from '../../../www/src/base/engine';
import { LabExperiments } from '../../../www/src/lab/lab-experiments';
import { LabModel } from '../../../www/src/model/lab-model';
import { experiment } from './documents';

vi.mock('../../../www/src/lab/experiments-store', () => ({
  allExperiments: async () => [],
  putExperiment: async () => undefined,
  deleteExperiment: async () => undefined,
}));

const document = (title: string, epochs = 5): Experiment => ({ ...experiment('net', epochs), title });

/** A lab with one preset. */
class FakeLab {
  custom: Experiment | null = null;
  readonly preset = {
    id: 'mnist-10',
    title: 'Digits',
    dataset: 'mnist',
    trainable: true,
    text: '',
    experiment: document('Digits'),
  };
  readonly summary = null;
  readonly messages = { notice: vi.fn(), error: vi.fn(), failure: vi.fn() };
  readonly loadPreset = async () => undefined;
  readonly set = vi.fn();
  readonly worker = { summary: vi.fn(), editLayers: vi.fn() };
  readonly useCustom = vi.fn(async (experiment: Experiment | null) => this.edit(experiment));
  readonly model: LabModel = new LabModel(this);

  get document(): Experiment {
    return this.custom ?? this.preset.experiment;
  }

  get title(): string {
    return this.custom?.title ?? this.preset.title;
  }

  edit(experiment: Experiment | null): void {
    this.custom = experiment;
  }
}

let lab: FakeLab;
let own: LabExperiments;
const names = () => own.list.map(({ name }) => name);
const epochs = () => own.list.map(({ experiment }) => experiment.epochs);

beforeEach(() => {
  lab = new FakeLab();
  own = new LabExperiments(lab);
});

test('each empty network is an experiment of its own', async () => {
  await own.choose({ kind: 'empty' });
  expect(lab.title).toBe('Empty network');
  await own.save();
  await own.choose({ kind: 'empty' });
  expect(lab.title).toBe('Empty network 2');
  lab.edit({ ...lab.document, epochs: 9 });
  await own.save();
  expect(names()).toEqual(['Empty network', 'Empty network 2']);
  expect(epochs()).toEqual([5, 9]);
});

test('a model that takes the place of an own experiment is not saved as that, even with the same title', async () => {
  lab.edit(document('A'));
  await own.save();
  expect(own.current?.name).toBe('A');
  own.leave();
  lab.edit(document('A', 7));
  expect(own.current).toBeNull();
  await own.save();
  expect(names()).toEqual(['A', 'A 2']);
  expect(epochs()).toEqual([5, 7]);
});

test('after a reload, or when a run of an earlier visit goes on, the title tells which one is open', async () => {
  lab.edit(document('A'));
  await own.save();
  own.leave();
  own.recall();
  expect(own.current?.name).toBe('A');
  lab.edit(document('B'));
  expect(own.current).toBeNull();
});

test('a new name saves nothing else, and is free', async () => {
  for (const title of ['A', 'B']) {
    own.leave();
    lab.edit(document(title));
    await own.save();
  }
  lab.edit({ ...lab.document, epochs: 30 });
  await own.rename('A');
  expect(names()).toEqual(['A', 'A 2']);
  expect(epochs()).toEqual([5, 5]);
  expect([lab.title, lab.document.epochs, own.isUnsaved]).toEqual(['A 2', 30, true]);
  await own.save();
  expect(epochs()).toEqual([5, 30]);
});

test('what was changed in one experiment is not undone in another one of the same preset', async () => {
  for (const title of ['A', 'B']) {
    own.leave();
    lab.edit(document(title));
    await own.save();
  }
  const [a, b] = own.list;
  if (!a || !b) throw new Error('both are saved');
  await own.choose({ kind: 'own', id: a.id });
  lab.model.change((now) => ({ ...now, epochs: 7 }));
  await own.save();
  expect(lab.model.canUndo).toBe(true);
  lab.model.keepDraft('{"of": "A"}');
  // An edit of A that the worker answers once B is open.
  let answer: (layers: Experiment['layers']) => void = () => undefined;
  lab.worker.editLayers.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const edited = lab.model.editLayers({ kind: 'remove', at: 0 } as unknown as LayerEdit);
  await Promise.resolve();

  await own.choose({ kind: 'own', id: b.id });
  answer([]);
  await edited;
  lab.model.undo();
  expect([lab.title, lab.document.epochs, lab.document.layers.length]).toEqual(['B', 5, 2]);
  // Text that was typed for A takes the place of B, and is not saved as B.
  expect(lab.model.isDraftOfOpen).toBe(false);
  lab.model.keepDraft(null);
  expect(lab.model.isDraftOfOpen).toBe(true);
});

test('an experiment from elsewhere takes the place of unsaved changes only after a question', async () => {
  own.asks();
  lab.edit(document('A', 7));
  const kept = own.replace(document('Code'));
  expect(own.waiting?.kind).toBe('given');
  await own.answer('cancel');
  expect(await kept).toBe(false);
  expect([lab.title, lab.document.epochs, own.waiting]).toEqual(['A', 7, null]);

  const saved = own.replace(document('Code'));
  await own.answer('save');
  expect(await saved).toBe(true);
  expect([lab.title, names(), epochs()]).toEqual(['Code', ['A'], [7]]);

  // What came from elsewhere and is not changed can come again; once it is changed, it is asked.
  expect(await own.replace(document('Code', 8))).toBe(true);
  lab.edit(document('Code', 9));
  const discarded = own.replace(document('Best'));
  await own.answer('discard');
  expect(await discarded).toBe(true);
  expect(lab.title).toBe('Best');
  // The changes can be undone.
  lab.model.undo();
  expect([lab.title, lab.document.epochs]).toEqual(['Code', 9]);
});

test('another choice withdraws the question; a card, which shows none, does not ask', async () => {
  const leave = own.asks();
  lab.edit(document('A', 7));
  const first = own.replace(document('Code'));
  const second = own.replace(document('Other'));
  expect(await first).toBe(false);
  await own.choose({ kind: 'preset', id: 'mnist-10' });
  expect(await second).toBe(false);
  expect(own.waiting).toEqual({ kind: 'preset', id: 'mnist-10' });
  await own.answer('cancel');
  leave();
  expect(await own.replace(document('Code'))).toBe(true);
  expect(lab.title).toBe('Code');
});
