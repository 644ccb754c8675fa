/** Texts of the inside view. */
import { localized } from '../base/localized';

export const INSIDE = localized('INSIDE', {
  emptyTitle: 'Nothing to show yet',
  emptyText:
    'As soon as the experiment is valid and its data is loaded, the network can be looked into: before, during and after training.',
  heavy: 'This network is large. Looking into it before training takes some seconds and more memory.',
  open: 'Look into it now',
  untrained: 'Not trained yet: the weights are random. The view follows the run once it has started.',
  now: 'Update now',
  looking: 'Updating…',
  state: (epoch: string) => `The network after ${epoch}.`,
  epochs: (part: string) => `${part} epochs`,
  at: (step: string) =>
    step === '0' ? 'With the weights before the first step.' : `With the weights after step ${step}.`,
  filters: (layer: string) => `Filters of ${layer}`,
  filtersHint: {
    color: 'The weights of each filter as colours: grey is zero.',
    signed: 'The weights of each filter: orange is above zero, blue below, white is zero.',
  },
  activations: 'Activations for one image',
  activationsHint:
    'The output of every layer, one map per channel; bright or orange values are large. A flat output is a strip of values. Click a value to see its arithmetic, or choose it with the arrow keys and Enter.',
  own: 'My own image',
  index: 'Number of the test image to look at, from 0',
  input: 'the input image',
  all: (count: string) => `Show all ${count} channels`,
  maps: (layer: string, count: string) => `Feature maps of ${layer}: ${count}`,
  pick: 'Arrow keys move from value to value, Enter shows the arithmetic.',
  place: (channel: string, row: string, column: string, value: string) =>
    `channel ${channel}, row ${row}, column ${column}: ${value}`,
  unit: (index: string, value: string) => `unit ${index}: ${value}`,
  health: 'Health of the layers',
  healthHint: (images: string) =>
    `Measured on the first ${images} training images before the first step and after each epoch, as long as that takes little time. Gradients vanish if they become smaller from layer to layer towards the top of this table. A unit that is zero on every image is dead and no longer learns. The small curves show the run so far, gradients on a log scale.`,
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
});

/** The arithmetic of one value. */
export const ARITHMETIC = localized('ARITHMETIC', {
  label: (layer: string) => `Arithmetic of a value of ${layer}`,
  title: (layer: string, at: string) => `${layer}[${at}]`,
  keys: 'Arrow keys move to the next value.',
  terms: 'Terms of the sum',
  none: 'This layer’s arithmetic is not drawn; the formula is in its help.',
  large: (count: string) =>
    `The window has ${count} values, too many to draw. The result below is computed from all of them.`,
  window: (channel: string) => `The window of input channel ${channel}`,
  kernel: (channel: string) => `The kernel’s weights for input channel ${channel}`,
  inputs: 'The inputs with the largest products',
  weights: 'Their weights',
  rest: (count: string, sum: string) => `The other ${count} input channels together: ${sum}`,
  products: (shown: string, all: string, rest: string) =>
    `The ${shown} largest of ${all} products. The others together: ${rest}`,
  max: (value: string) => `The largest value of the window: ${value}`,
  mean: (value: string) => `The mean of the window: ${value}`,
  value: (value: string) => `Value: ${value}`,
  linear: (terms: string) => `sum + bias: ${terms}`,
  activation: (terms: string, name: string, before: string, value: string) =>
    `sum + bias: ${terms}; ${name}(${before}) = ${value}`,
  softmax: (terms: string, own: string, total: string, value: string) =>
    `sum + bias: ${terms}; softmax: ${own} / ${total} = ${value}`,
});

/** What a prediction depends on. */
export const EXPLANATION = localized('EXPLANATION', {
  title: 'What the prediction depends on',
  method: 'Method',
  methods: { saliency: 'Saliency', 'grad-cam': 'Grad-CAM', occlusion: 'Occlusion' },
  hints: {
    saliency:
      'The gradient of the class’s score by each pixel: where a small change of the pixel changes the score most.',
    'grad-cam':
      'The last feature maps, weighted by how much the class’s score grows with each of them: which region speaks for the class.',
    occlusion: 'A grey square covers one place after another: where the probability of the class falls most.',
  },
  untrained: 'The network is not trained yet: the map shows what its random weights react to.',
  of: 'Class',
  predicted: (name: string) => `the predicted one (${name})`,
  show: 'Show the map',
  computing: 'Computing…',
  image: 'The image',
  map: 'The map: the brighter, the more',
  noise: 'Adversarial noise',
  noiseHint:
    'Each pixel is moved by the same small amount in the direction that increases the loss (fast gradient sign method).',
  amount: (amount: string) => `Amount: ${amount} of 255`,
  disturbed: 'The image with the noise',
  verdict: (before: string, now: string, share: string) =>
    before === now ? `Still “${now}” (${share}).` : `Now “${now}” (${share}), no longer “${before}”.`,
  noMaps: 'This network has no feature maps: Grad-CAM needs a convolution. Choose another method.',
  gone: 'The run has ended. Start it again.',
});

/** The test images that a channel answers to most strongly. */
export const STRONGEST = localized('STRONGEST', {
  title: (layer: string, channel: string) => `Test images that activate channel ${channel} of ${layer} most`,
  find: 'Find them',
  finding: 'Looking…',
  among: (count: string) => `Among the first ${count} test images, by the largest value anywhere in the map.`,
  image: (index: string, value: string) => `Test image ${index}: ${value}`,
});
