/** What a student writes in a lesson becomes the observations of a run's and of the comparison's report. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keptComparison, OBSERVED, takeObservations } from '../../../www/src/base/observed';
import { LabRuns } from '../../../www/src/compare/lab-runs';
import { COMPARED_FIGURES, FIGURES } from '../../../www/src/lab/reports';
import type { Lesson } from '../../../www/src/lesson/document';
import { observationsOf, reportAnswers } from '../../../www/src/lesson/report';
import { AnswerStore, type Keeper } from '../../../www/src/lesson/store';

const stored = vi.hoisted(() => ({ runs: [] as { id: string; saved_at: string; observations?: object }[] }));
vi.mock('../../../www/src/compare/runs-store', () => ({
  allRuns: async () => structuredClone(stored.runs),
  putRun: async (run: { id: string; saved_at: string }) => {
    stored.runs = [run, ...stored.runs.filter(({ id }) => id !== run.id)];
  },
  deleteRun: async () => undefined,
}));

const LESSON: Lesson = {
  lesson: 'Sheet',
  parts: [
    { type: 'experiment', id: 'net-1', experiment: 'net-1' },
    { type: 'question', id: 'accuracy', text: '?', report: 'curves' },
    { type: 'question', id: 'loss', text: '?', report: 'curves' },
    { type: 'experiment', id: 'net-2', experiment: 'net-2' },
    { type: 'question', id: 'gap', text: '?', report: 'gap' },
    { type: 'question', id: 'other', text: '?' },
  ],
};

const keeper: Keeper = { words: { kept: '', notKept: '' }, read: () => null, write: () => true };

/** A lab that is opened anew. */
async function openLab(): Promise<LabRuns> {
  type Parts = ConstructorParameters<typeof LabRuns>;
  const runs = new LabRuns({} as Parts[0], { notice: vi.fn(), failure: vi.fn() } as unknown as Parts[1]);
  await runs.init();
  return runs;
}

const observed = (runs: LabRuns, id: string) => runs.list.find((run) => run.id === id)?.observations;

let store: AnswerStore;
const give = (id: string, value: string) => store.give(id, { value });

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  stored.runs = [{ id: 'r1', saved_at: '2026-01-01' }];
  store = new AnswerStore(LESSON, keeper);
  reportAnswers(LESSON, store);
});

it('knows every figure of the reports', () => {
  expect([...OBSERVED].sort()).toEqual([...FIGURES, ...COMPARED_FIGURES].sort());
});

describe('answers', () => {
  it('go to the last run of the card before them, in the order of the lesson, and to the comparison', () => {
    give('loss', ' Falls. ');
    give('gap', 'Wide.');
    give('other', 'Not in the report.');
    expect(observationsOf(LESSON, store)).toEqual({ comparison: { gap: 'Wide.' } });
    store.finish('net-1', { accuracy: 0.5, run: 'r1' });
    give('accuracy', 'Rises.');
    expect(observationsOf(LESSON, store)).toEqual({
      comparison: { gap: 'Wide.' },
      r1: { curves: 'Rises.\nFalls.' },
    });
  });

  it('are taken once, and what the student changes in the report stays', async () => {
    give('accuracy', 'Rises.');
    give('gap', 'Wide.');
    store.finish('net-1', { accuracy: 0.5, run: 'r1' });
    give('accuracy', 'Rises slowly.');
    let runs = await openLab();
    expect(observed(runs, 'r1')).toEqual({ curves: 'Rises slowly.' });
    expect(runs.observations).toEqual({ gap: 'Wide.' });
    expect(takeObservations('r1', {})).toBeNull();

    // A later answer takes the place of the earlier one, as long as that was not changed in the report.
    give('accuracy', 'Rises fast.');
    runs = await openLab();
    expect(observed(runs, 'r1')).toEqual({ curves: 'Rises fast.' });
    expect(runs.observations, 'kept').toEqual({ gap: 'Wide.' });
    await runs.write('r1', { observations: { curves: 'My own words.' } });
    runs.observe({});
    give('accuracy', 'Rises again.');
    runs = await openLab();
    expect(observed(runs, 'r1')).toEqual({ curves: 'My own words.' });
    expect(runs.observations, 'what was deleted in the report does not come back').toEqual({});
  });

  it('that are deleted leave the report, too', async () => {
    give('gap', 'Wide.');
    await openLab();
    store.clear();
    expect((await openLab()).observations).toEqual({});
    expect(keptComparison()).toEqual({});
  });

  it('of a run that is not stored yet wait for it', async () => {
    store.finish('net-1', { accuracy: 0.5, run: 'r2' });
    give('loss', 'Falls.');
    await openLab();
    stored.runs.push({ id: 'r2', saved_at: '2026-01-02' });
    expect(observed(await openLab(), 'r2')).toEqual({ curves: 'Falls.' });
  });

  it.each(['[1]', '{"r1": 3}', '{"r1": {"curves": "x"}, "comparison": {"gap": {"text": 5}}}', '{'])(
    'of another form are left out: %s',
    async (text) => {
      localStorage.setItem('convlab-observed', text);
      localStorage.setItem('convlab-comparison', text);
      const runs = await openLab();
      expect(observed(runs, 'r1') ?? {}).toEqual({});
      expect(runs.observations).toEqual({});
    },
  );

  it('are in no report where the browser stores nothing', async () => {
    vi.stubGlobal('localStorage', undefined);
    give('gap', 'Wide.');
    expect((await openLab()).observations).toEqual({});
  });
});
