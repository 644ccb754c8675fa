/** Texts of the inside view. */
export const INSIDE = {
  emptyTitle: 'Nothing to show yet',
  emptyText: 'Start a run. Its filters, activations and gradients can be inspected during training and afterwards.',
  now: 'Update now',
  looking: 'Updating…',
  state: (epoch: string) => `The network after ${epoch}.`,
  filters: (layer: string) => `Filters of ${layer}`,
  filtersHint: {
    color: 'The weights of each filter as colours: grey is zero.',
    signed: 'The weights of each filter: orange is above zero, blue below, white is zero.',
  },
  activations: 'Activations for one image',
  activationsHint:
    'The output of every layer, one map per channel; bright or orange values are large. A flat output is a strip of values.',
  own: 'My own image',
  index: 'Number of the test image to look at, from 0',
  input: 'the input image',
  all: (count: string) => `Show all ${count} channels`,
  maps: (layer: string, count: string) => `Feature maps of ${layer}: ${count}`,
  health: 'Health of the layers',
  healthHint: (images: string) =>
    `Measured on the first ${images} training images after each epoch, as long as that takes little time. Gradients vanish if they become smaller from layer to layer towards the top of this table. A unit that is zero on every image is dead and no longer learns. The small curves show the run so far, gradients on a log scale.`,
  columns: {
    layer: 'Layer',
    gradient: 'Gradient norm',
    weights: 'Weights norm',
    ratio: 'Ratio',
    dead: 'Dead units',
    zeros: 'Zeros',
  },
  histograms: 'Weights',
  histogramsHint: 'The distribution of the values in each weight tensor.',
  histogram: (name: string, count: string, mean: string, deviation: string) =>
    `${name}: ${count} values, mean ${mean}, standard deviation ${deviation}`,
  mean: 'mean',
  deviation: 'sd',
} as const;
