/** Texts of the predictions view. */
export const PREDICTIONS = {
  prediction: 'Prediction',
  predictionOf: (index: string) => `Test image ${index}`,
  isRight: (name: string) => `Right: it is “${name}”.`,
  isWrong: (name: string, truth: string) => `Wrong: the network says “${name}”, but it is “${truth}”.`,
  indexLabel: 'Number of the test image, from 0',
  emptyTitle: 'No network yet',
  emptyText: 'Train a network, or start training one: its predictions can be looked at while it learns, too.',
  testTitle: 'The test set, image by image',
  run: 'Predict the test set',
  again: 'Predict again with the network as it is now',
  running: 'Predicting…',
  hint: 'Every test image goes through the network once; then the mistakes can be looked at, the surest ones first.',
  truth: 'It is',
  said: 'The network says',
  anyClass: 'any class',
  wrong: 'something wrong',
  anything: 'anything',
  confidentMistakes: 'Most confident mistakes',
  count: (shown: string, found: string, all: string) =>
    `${shown} of ${found} images, of ${all} in the test set. The surest first.`,
  none: 'No such image.',
  stale: 'The network has learned since: these are the predictions of its state before.',
  more: 'Show more',
  caption: (truth: string, said: string) => (truth === said ? truth : `${truth} → ${said}`),
  /** An accessible name starts with the visible text, then explains it. */
  open: (caption: string, confidence: string, index: string, truth: string, said: string) =>
    `${caption} ${confidence} (test image ${index}: ${truth}, called ${said})`,
  image: (index: string) => `Test image ${index}`,
  own: 'Your own image',
  ownHint: {
    digit:
      'Draw a digit, or choose or drop an image of one. It is made like MNIST’s: scaled into a box of 20 × 20 and centred by its mass.',
    image: (shape: string) =>
      `Choose or drop any image: its middle is cut out and scaled to ${shape}, as the network takes it.`,
  },
  draw: 'Drawing board for a digit: draw with the mouse, a finger or a pen',
  clear: 'Clear',
  pick: 'Choose an image…',
  dropHere: 'or drop one here',
  waiting: 'What the network says of it will stand here.',
  seen: 'What the network sees',
  says: (name: string, share: string) => `The network says “${name}”, ${share} sure.`,
  noInk: 'There is nothing to see in this image: draw or choose one with a digit in it.',
  notAnImage: (file: string) =>
    `“${file}” is not an image that this browser can read. Choose a PNG, JPEG, WebP, GIF or AVIF file.`,
} as const;
