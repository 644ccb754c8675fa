/** Texts of the cost sheet. */
import { plural } from '../base/format';
import { localized } from '../base/localized';

export const COST = localized('COST', {
  sheetOf: 'Cost sheet of',
  current: (title: string) => `this experiment (${title})`,
  batch: 'Batch size',
  wholeNumber: (label: string, received: string) =>
    `${label} must be a whole number above zero. Received: “${received}”.`,
  number: (label: string, received: string) => `${label} must be a number above zero. Received: “${received}”.`,
  tiles: {
    params: 'Parameters',
    macs: 'MACs per image',
    flops: 'FLOPs per image',
    forward: 'Memory, one image forward',
    training: (batch: string) => `Memory, training in batches of ${batch}`,
  },
  layers: 'Layer by layer',
  columns: {
    layer: 'Layer',
    output: 'Output',
    o: 'O = (N − F + 2P) / S + 1',
    values: 'Values',
    p: 'P = (m · n · C_in + 1) · C_out',
    params: 'Parameters',
    m: 'M = O_h · O_w · C_out · m · n · C_in',
    macs: 'MACs',
  },
  input: 'input',
  total: 'total',
  layersHint:
    'A value is 4 bytes. A MAC is one multiplication and one addition, so two FLOPs. A flatten layer only reshapes its input.',

  memory: 'Memory of training',
  memoryHint: 'The textbook estimate: all values that a step computes are kept until the step ends.',
  parts: {
    activations: 'images and activations',
    activation_gradients: 'activation gradients',
    parameters: 'parameters',
    parameter_gradients: 'parameter gradients',
    optimizer_slots: 'optimizer state',
    total: 'total',
  },
  allocation: (cpu: string, workers: string, gpu: string | null) =>
    `What the engines allocate, without the images of the data set: the CPU engine ${cpu} on ${workers}${gpu ? `, the GPU engine ${gpu}` : ''}.`,

  fit: 'Will it fit on this device?',
  fitsCpu: (needs: string, allows: string) => `CPU: yes. It needs ${needs} with the data, and ${allows} are available.`,
  fitsGpu: (needs: string, largest: string, size: string, allows: string) =>
    `WebGPU: yes, where the graphics card has ${needs} free. Its largest buffer (${largest}) is ${size}; this adapter allows ${allows}.`,
  failsCpu: (needs: string, allows: string) => `CPU: no. It needs ${needs} with the data, but ${allows} are available.`,
  failsGpu: (largest: string, needs: string, allows: string) =>
    `WebGPU: no. One buffer (${largest}) needs ${needs}, and this adapter allows ${allows}.`,
  smaller: (batch: string) => `A batch of ${batch} would fit.`,
  tooLarge: 'A smaller batch alone does not help: the network is too large.',
  noGpu: 'WebGPU is off in this browser.',

  time: 'How long does it take?',
  clock: '1. Instructions ÷ clock',
  clockHint: 'One multiplication per cycle and core, and no other cost, as in the sources.',
  fields: { clock_ghz: 'Clock, GHz', cores: 'Cores', images: 'Images', epochs: 'Epochs' },
  perImage: 'One image, forward',
  forward: 'All epochs, forward only',
  both: 'Forward and backward (three times)',
  imagesMissing: 'Enter the number of images per epoch.',
  measured: '2. Measured here, and extrapolated',
  measuredHint: 'Trains a few steps on this device now. The error is half the range of five measurements.',
  measure: 'Measure now',
  measuring: 'Measuring…',
  step: (batch: number) => `A step of ${plural(batch, 'image')}`,
  epoch: (steps: number) => `An epoch (${plural(steps, 'step')})`,
  run: 'The whole run',
  on: 'Measured on',
  measuredNoise: (batch: number) =>
    `Trains this network for a few real steps of ${plural(batch, 'random image')} (the speed does not depend on what they show) and extrapolates. It cannot be trained to the end here, but a step can be measured. This takes up to half a minute.`,
  profile: 'Device',
  profileOwn: 'my own numbers',
  memoryOf: (bytes: string, batch: string, isTooMuch: boolean) =>
    `Training in batches of ${batch} needs ${bytes}, ${isTooMuch ? 'more than it has' : 'which fits'}.`,
  times: 'How long does it take? Two published answers, and ours',
  timesHint:
    'The first way takes the 1,049,751 values that a pass holds in memory for instructions, the second the 1,135,256,096 multiplications of a pass. They differ a thousandfold because a value is stored once, but computed from up to thousands of products: a convolution uses each weight at every position. The second is nearer to a measurement; a training step adds the backward pass, about twice the work of the forward pass.',
  timesOf: {
    what: 'Figure',
    formula: 'How',
    values: 'By values',
    multiplications: 'By multiplications',
    here: 'Counted here',
    measured: 'measured here: one image of a training step',
    measuredHow: (batch: number) => `a step of ${plural(batch, 'random image')} ÷ ${batch}.`,
  },
  busy: 'Stop or finish the run first, since it would distort the measurement.',
  roofline: '3. Roofline',
  rooflineHint:
    'The lowest possible time: each layer is limited by arithmetic or by memory, whichever takes longer at the rates measured on this device.',
  rates: 'Rates of this device',
  rate: (gflops: string, gb: string) => `${gflops} GFLOP/s, ${gb} GB/s`,
  rateHint: 'arithmetic of the engine’s 3 × 3 convolution; memory by copying',
  ridge: 'Ridge point, operations per byte',
  best: (batch: number) => `At best, a step of ${plural(batch, 'image')}`,
  bestRun: 'At best, the whole run',
  waiting: 'Layers limited by memory',
  of: (some: string, all: string) => `${some} of ${all}`,
  reached: 'Reached, as a share of the best',
  plusMinus: (value: string, error: string) => `${value} ± ${error}`,

  sources: 'Figures of two sources',
  sourcesHint: 'The first source is right throughout. Where the second differs, the note says why.',
  sourceColumns: { what: 'Figure', here: 'Counted here', first: 'First source', second: 'Second source', why: 'Why' },

  separable: 'Depthwise separable convolution, worked out',
  separableHint: 'A D × D convolution from M to N channels, and the same in two parts: depthwise, then pointwise.',
  dmn: { d: 'D, kernel size', m: 'M, input channels', n: 'N, output channels' },
  ordinary: 'Ordinary',
  separated: 'Separable',
  multiplications: 'Multiplications per output pixel',
  parameters: 'Parameters',
  ratio: 'Share: 1 / N + 1 / D²',
  less: (times: string) => `${times} times less work`,
});
