/** Sends the run's progress as DOM events, which bubble out of any shadow tree. */
import type { Evaluation } from '../base/engine';
import type { Lab } from '../lab/lab';
import type { ConvlabEvents, LabState } from './types';

/** Returns a function that sends events for all changes of the lab since its last call. */
export function announcer(lab: Lab, target: EventTarget, guess: () => number | null): () => void {
  let state: LabState = lab.run.state;
  let log = lab.run.log;
  let told = 0;
  let lastMessage = 0;
  let result: Evaluation | null = null;
  const send = <K extends keyof ConvlabEvents>(type: K, detail: ConvlabEvents[K]) =>
    target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  return () => {
    const { run, messages } = lab;
    if (run.log !== log) [log, told, result] = [run.log, 0, null];
    for (const epoch of run.log.epochs.slice(told)) {
      told += 1;
      send('convlab-epoch', { ...epoch, epochs: run.info?.epochs ?? 0 });
    }
    if (run.state === 'done' && run.result && run.result !== result) {
      result = run.result;
      send('convlab-done', { ...run.result, epochs: [...run.log.epochs], guess: guess(), run: run.id });
    }
    if (run.state !== state) {
      state = run.state;
      send('convlab-state', { state });
    }
    for (const { id, kind, text } of messages.list) {
      if (id <= lastMessage) continue;
      lastMessage = id;
      if (kind === 'error') send('convlab-error', { message: text });
    }
  };
}
