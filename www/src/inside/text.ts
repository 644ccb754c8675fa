/** Texts of the inside view. */
export const INSIDE = {
  emptyTitle: 'Nothing to look into yet',
  emptyText: 'Start a run. Its filters, activations and gradients can be looked at while it trains, and after.',
  now: 'Look now',
  looking: 'Looking…',
  state: (epoch: string) => `The network after ${epoch}.`,
  filters: (layer: string) => `What ${layer} looks for`,
  filtersHint: {
    color: 'The weights of each filter as colours: grey is zero.',
    signed: 'The weights of each filter: orange is above zero, blue below, white is zero.',
  },
  noFilters: 'The first layer’s weights cannot be laid over the image.',
  activations: 'An image on its way through the network',
  activationsHint:
    'Every layer’s output, a small image a channel; bright or orange is large. A flat output is a strip of values.',
  image: 'Test image',
  own: 'My own image',
  index: 'Number of the test image to look at, from 0',
  input: 'the image',
  all: (count: string) => `Show all ${count} channels`,
  maps: (layer: string, count: string) => `Feature maps of ${layer}: ${count}`,
  health: 'How the layers fare',
  healthHint: (images: string) =>
    `Measured on the first ${images} training images after each epoch, as long as that costs next to nothing. Gradients that fade from layer to layer towards the top of this table vanish; a unit that is zero on every image is dead and learns no more. The small curves show the run so far, gradients by powers of ten.`,
  columns: {
    layer: 'Layer',
    gradient: 'Gradient norm',
    weights: 'Weights norm',
    ratio: 'Ratio',
    dead: 'Dead units',
    zeros: 'Zeros',
  },
  histograms: 'Weights',
  histogramsHint: 'How many weights have which value.',
  histogram: (name: string, count: string, mean: string, deviation: string) =>
    `${name}: ${count} values, mean ${mean}, standard deviation ${deviation}`,
  mean: 'mean',
  deviation: 'sd',
} as const;
