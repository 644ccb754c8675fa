/** Texts of the controls of a run. */
export const RUN = {
  step: 'One step',
  stepHint: 'Trains on one batch and pauses again',
  seed: 'Another seed',
  seedHint: (seed: number) => `Starts again with seed ${seed}`,
  rate: 'Learning rate from the next step on',
  rateSet: 'Set',
  rateInvalid: (received: string) => `The learning rate must be a number above zero. Received: “${received}”.`,
  scale: { '÷ 10': 0.1, '÷ 2': 0.5, '× 2': 2 },
  scheduled: 'The schedule goes on from there: its later rates change by the same factor.',
  changed: (rate: string, epoch: string, step: string) => `Learning rate ${rate} from epoch ${epoch}, step ${step} on`,
  changes: 'Changed by hand',
};
