/** Texts of the run view. */
import { localized } from '../base/localized';

export const RUN = localized('RUN', {
  stepTime: (ms: string) => `${ms} ms per step`,
  device: {
    title: 'Engine and device',
    engine: 'Engine',
    device: 'Device',
    why: 'Why',
    build: 'WebAssembly build',
    steps: 'Steps per epoch',
    samples: 'Images',
    seed: 'Seed',
  },
  samples: (train: string, validation: string, test: string) =>
    `${train} training, ${validation} validation, ${test} test`,
  stoppedEarly: 'Early stopping ended this run: the monitored figure no longer improved.',
});

/** What a screen reader announces during a run. */
export const ANNOUNCE = localized('ANNOUNCE', {
  epoch: (epoch: string, epochs: string, loss: string, accuracy: string) =>
    `Epoch ${epoch} of ${epochs}: loss ${loss}, accuracy ${accuracy}`,
  validation: (loss: string, accuracy: string) => `, validation loss ${loss}, validation accuracy ${accuracy}`,
  done: (accuracy: string) => `Training finished. Test accuracy ${accuracy}.`,
});

/** The controls of a run. */
export const CONTROLS = localized('CONTROLS', {
  rate: 'Learning rate from the next step on',
  rateSet: 'Set',
  rateInvalid: (received: string) => `The learning rate must be a number above zero. Received: “${received}”.`,
  scale: { '÷ 10': 0.1, '÷ 2': 0.5, '× 2': 2 },
  scheduled: 'The schedule continues from there: its later rates are scaled by the same factor.',
  changed: (rate: string, epoch: string, step: string) => `Learning rate ${rate} from epoch ${epoch}, step ${step} on`,
  changes: 'Changed by hand',
});

/** Unfinished runs that the browser stores, to resume them after a reload, a closed tab or a crash. */
export const KEPT = localized('KEPT', {
  title: (run: string) => `Continue the run of “${run}”?`,
  where: (epoch: string, epochs: string, step: string, steps: string, when: string) =>
    `${epoch} of ${epochs} epochs done, step ${step} of ${steps}, stored ${when}. It continues from exactly this step.`,
  today: (time: string) => `today at ${time}`,
  resume: 'Continue',
  discard: 'Discard',
  discarded: (run: string) => `The stored run of “${run}” is discarded.`,
  undo: 'Undo',
  discardLabel: (run: string) => `Discard the stored run of “${run}”`,
  notKept: (why: string) =>
    `This run could not be kept for later: ${why}. Training continues, but the run is lost if the page closes. To keep it, save a checkpoint under Results.`,
});
