/** Texts of the predictions view. */
import { integer, plural } from '../base/format';
import { localized } from '../base/localized';

export const PREDICTIONS = localized('PREDICTIONS', {
  prediction: 'Prediction',
  predictionOf: (index: string) => `Test image ${index}`,
  isRight: (name: string) => `Right: it is “${name}”.`,
  isWrong: (name: string, truth: string) => `Wrong: the network predicts “${name}”, but it is “${truth}”.`,
  indexLabel: 'Number of the test image, from 0',
  emptyTitle: 'No network yet',
  emptyText: 'Start a run. Predictions are available during training, too.',
  testTitle: 'The test set, image by image',
  run: 'Predict the test set',
  again: 'Predict again with the current weights',
  running: 'Predicting…',
  hint: 'Predicts every test image once, then shows the mistakes, the most confident first.',
  trueClass: 'True class',
  predictedClass: 'Predicted class',
  anyClass: 'any class',
  wrong: 'any wrong class',
  anything: 'any class',
  confidentMistakes: 'Most confident mistakes',
  count: (shown: number, found: number, all: number) =>
    `${integer(shown)} of ${plural(found, 'image')}, of ${integer(all)} in the test set. The most confident first.`,
  none: 'No image matches.',
  stale: 'The network has been trained since then: these are the predictions of an earlier state.',
  more: 'Show more',
  caption: (truth: string, prediction: string) => (truth === prediction ? truth : `${truth} → ${prediction}`),
  /** An accessible name starts with the visible text, then explains it. */
  open: (caption: string, confidence: string, index: string, truth: string, prediction: string) =>
    `${caption} ${confidence} (test image ${index}: ${truth}, predicted as ${prediction})`,
  image: (index: string) => `Test image ${index}`,
  own: 'Your own image',
  ownHint: {
    digit:
      'Draw a digit, or choose or drop an image of one. It is converted as in MNIST: scaled into a box of 20 × 20 and centred by its centre of mass.',
    image: (shape: string) =>
      `Choose or drop any image: its centre is cropped and scaled to ${shape}, the input size of the network.`,
  },
  draw: 'Drawing board for a digit: draw with the mouse, a finger or a pen',
  clear: 'Clear',
  pick: 'Choose an image…',
  dropHere: 'or drop one here',
  waiting: 'The prediction appears here.',
  seen: 'The input of the network',
  ownStale: 'The network has been trained since then: this is the prediction of an earlier state.',
  says: (name: string, share: string) => `The network predicts “${name}” with a probability of ${share}.`,
  noInk: 'There is no digit in this image. Draw one, or choose an image of one.',
  notAnImage: (file: string) =>
    `“${file}” is not an image that this browser can read. Choose a PNG, JPEG, WebP, GIF or AVIF file.`,
});
