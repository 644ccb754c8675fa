/** Texts of the live picture of the network and of what follows a run. */
import { localized } from '../base/localized';

export const LIVE = localized('LIVE', {
  title: 'From the image to the prediction',
  network: 'The network',
  sees: 'What it sees',
  another: 'Another image',
  image: (truth: string) => `A test image: “${truth}”`,
  untrained: (guess: string, truth: string, share: string) =>
    guess === truth
      ? `Not trained yet: its weights are random. It calls this “${guess}” (${share}), right by chance.`
      : `Not trained yet: its weights are random. It calls this “${truth}” a “${guess}” (${share}).`,
  trained: (guess: string, truth: string, share: string, epochs: string) =>
    guess === truth
      ? `After ${epochs} it recognises “${truth}” (${share}).`
      : `After ${epochs} it takes this “${truth}” for “${guess}” (${share}).`,
  waiting: 'The prediction appears here.',
  heavy: 'This network is large: its prediction is computed once training has started.',
  probabilities: 'The most probable classes',
  filters: (layer: string) => `Filters of ${layer}`,
  maps: (layer: string) => `Feature maps of ${layer}`,
  dozen: 'Test images',
  right: (some: string, all: string) => `${some} of ${all} right`,
  guess: (index: string, truth: string, guess: string, share: string) =>
    `Test image ${index}, “${truth}”: predicted as “${guess}” with ${share}`,
  start: 'Press Start: the filters, the maps and the predictions change while it learns.',
});

/** After a finished run. */
export const NEXT = localized('NEXT', {
  title: 'What now?',
  good: (accuracy: string, wrong: string, test: string) =>
    `The network is right on ${accuracy} of the ${test} test images and wrong on ${wrong}.`,
  chance: (accuracy: string, chance: string) =>
    `The network is right on ${accuracy} of the test images; guessing would reach ${chance}. It has hardly learned anything.`,
  gap: (train: string, validation: string) =>
    ` On its training images it reaches ${train}, on validation images ${validation}: it has learned some of them by heart.`,
  synthetic: ' These were synthetic images; real ones are harder.',
  mistakes: 'Look at its mistakes',
  seed: 'Train with another seed',
  compare: (count: string) => `Compare with ${count}`,
  network: 'Change the network',
  longer: (epochs: string) => `Train for ${epochs} epochs`,
  real: 'Use the real images',
});

/** The experiments with their pictures. */
export const EXPERIMENTS = localized('EXPERIMENTS', {
  title: 'Experiments',
  close: 'Close',
  size: (params: string, macs: string) => `${params} parameters, ${macs} multiply-accumulates per image`,
});
