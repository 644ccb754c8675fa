import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Experiment, History, SessionInfo, StepEvent, TrainEvent } from '../../../www/src/base/engine';
import { percent } from '../../../www/src/base/format';
import { RunLog } from '../../../www/src/base/history';
import { RunRecord } from '../../../www/src/run/record';

/** A record whose engine writes a duration as its seconds. */
class Fake extends RunRecord {
  protected worker = {
    texts: async (questions: { of: number | string }[]) => questions.map(({ of }) => `${of} s`),
  };
  start = () =>
    this.begin('id', 'Digits', {} as Experiment, { epochs: 2, steps_per_epoch: 50 } as SessionInfo, new RunLog());
  goOn = (history: History, steps: StepEvent[]) => this.restore(history, steps, null);
  receive = (...events: object[]) => this.take(events as TrainEvent[], null);
  tell = () => this.tellTimes();
}

const step = (number: number): StepEvent =>
  ({
    event: 'step',
    step: number,
    total_steps: 100,
    epoch: 1,
    step_in_epoch: number,
    steps_per_epoch: 50,
  }) as StepEvent;
const epoch = { event: 'epoch', epoch: 1, loss: 0.5, accuracy: 0.75 };

let run: Fake;

beforeEach(() => {
  vi.useFakeTimers();
  run = new Fake();
  run.start();
});

afterEach(() => void vi.useRealTimers());

test('the time left follows from the steps of this visit', async () => {
  const before = { epochs: [], learning_rates: Array(40).fill(0.1) } as unknown as History;
  run.goOn(before, [step(40)]);
  vi.advanceTimersByTime(10_000);
  run.receive(step(60));
  await run.tell();
  expect([run.time, run.timeLeft, run.share]).toEqual(['10 s', '20 s', 0.6]);
});

test('the time left is unknown before the first step', async () => {
  vi.advanceTimersByTime(2000);
  await run.tell();
  expect([run.time, run.timeLeft]).toEqual(['2 s', '']);
});

test('an answer about the run before is ignored', async () => {
  vi.advanceTimersByTime(2000);
  const answer = run.tell();
  run.start();
  await answer;
  expect(run.time).toBe('');
});

test('epochs and the end that come in one message are announced together', () => {
  run.receive(epoch, { event: 'done', test_loss: 0.4, test_accuracy: 0.8, stopped_early: false });
  const sentences = `Epoch 1 of 2: loss 0.5000, accuracy ${percent(0.75)} Training finished. Test accuracy ${percent(0.8)}.`;
  expect(run.announcement).toBe(sentences);
  expect([run.result?.accuracy, run.lastEpoch?.epoch]).toEqual([0.8, 1]);
});

test('a run that continues on another device has its name, and goes back to the snapshot', () => {
  run.receive(step(10), step(20));
  const at = { epoch: 1, step_in_epoch: 10, steps_per_epoch: 50 };
  run.receive({ event: 'interrupted', ...at, message: 'lost', engine: 'cpu', device: 'CPU', reason: 'lost' });
  expect([run.info?.engine, run.info?.device, run.info?.epochs]).toEqual(['cpu', 'CPU', 2]);
  expect(run.log.interruptions).toEqual([{ x: 0.2, message: 'lost' }]);
  expect(run.log.length).toBe(1);
});
