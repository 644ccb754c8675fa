/** The data view's parts about what is done with the pictures before they reach the network. */
export const DATA_MORE = {
  range: {
    title: 'Pixel values',
    note: (pictures: string) =>
      `Of the first ${pictures} training images. Every value is divided by 255 before the network sees it.`,
    before: 'In the files',
    after: 'As the network sees them',
    figures: (least: string, most: string, mean: string, deviation: string) =>
      `${least} to ${most}, mean ${mean}, standard deviation ${deviation}`,
    label: (name: string, figures: string) => `${name}: ${figures}`,
  },
  merged: {
    title: 'Merged classes',
    note: 'This experiment makes one class of several: the network learns and is judged by the groups alone.',
    count: (images: string) => `${images} training images`,
    invalid: 'The groups do not fit this data set: each class belongs to exactly one group.',
  },
  augmented: {
    title: 'Augmentation',
    note: 'What training shows of the same pictures in one epoch and another, drawn from the experiment’s seed: exactly what the engine computes.',
    none: 'This experiment shows every picture as it is. Add a change to see what it does; it becomes a part of the experiment.',
    original: 'As it is',
    epoch: (epoch: string) => `Epoch ${epoch}`,
    play: 'Play the epochs',
    stop: 'Stop',
    next: 'Next epochs',
    picture: (name: string, row: string) => `${name}, ${row}`,
  },
} as const;
