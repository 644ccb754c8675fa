/** Texts of the run view. */
export const RUN = {
  stepTime: (ms: string) => `${ms} ms per step`,
  emptyTitle: 'Nothing has run yet',
  emptyText: 'Press Start. The curves appear here during training.',
  gpuStates: { missing: 'not in this browser', refused: 'no adapter', insecure: 'only over https' },
  device: {
    title: 'Engine and device',
    here: 'This device',
    cores: 'Processor cores',
    gpu: 'WebGPU',
    yes: 'yes',
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
} as const;

/** What a screen reader announces during a run. */
export const ANNOUNCE = {
  epoch: (epoch: string, epochs: string, loss: string, accuracy: string) =>
    `Epoch ${epoch} of ${epochs}: loss ${loss}, accuracy ${accuracy}`,
  validation: (loss: string, accuracy: string) => `, validation loss ${loss}, validation accuracy ${accuracy}`,
  done: (accuracy: string) => `Training finished. Test accuracy ${accuracy}.`,
} as const;

/** The controls of a run. */
export const CONTROLS = {
  rate: 'Learning rate from the next step on',
  rateSet: 'Set',
  rateInvalid: (received: string) => `The learning rate must be a number above zero. Received: “${received}”.`,
  scale: { '÷ 10': 0.1, '÷ 2': 0.5, '× 2': 2 },
  scheduled: 'The schedule continues from there: its later rates are scaled by the same factor.',
  changed: (rate: string, epoch: string, step: string) => `Learning rate ${rate} from epoch ${epoch}, step ${step} on`,
  changes: 'Changed by hand',
};

/** Unfinished runs that the browser stores, to resume them after a reload, a closed tab or a crash. */
export const KEPT = {
  title: (run: string) => `Continue the run of “${run}”?`,
  where: (epoch: string, epochs: string, step: string, steps: string, when: string) =>
    `${epoch} of ${epochs} epochs done, step ${step} of ${steps}, stored ${when}. It continues from exactly this step.`,
  today: (time: string) => `today at ${time}`,
  resume: 'Continue',
  discard: 'Discard',
  discardLabel: (run: string) => `Discard the stored run of “${run}”`,
  notKept: (why: string) =>
    `This run could not be kept for later: ${why}. Training continues, but the run is lost if the page closes. To keep it, save a checkpoint under Results.`,
} as const;
