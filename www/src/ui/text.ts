/** Texts of the page around the views, and of elements that several views use. */
import { localized } from '../base/localized';
import type { ProgressPhase } from '../worker/protocol';

export const PAGE = localized('PAGE', {
  name: 'Convlab',
  tagline: 'Train a convolutional network in this tab',
  loading: 'Loading the engine…',
  loadingView: 'Loading…',
  skip: 'Skip to the lab',
  dismiss: 'Dismiss this message',
  restart: 'Start the engine again',
  groups: {
    label: 'Views',
    data: 'Data',
    network: 'Network',
    train: 'Train',
    understand: 'Understand',
    report: 'Compare and report',
  },
  views: {
    run: 'Run',
    data: 'Data',
    model: 'Model',
    results: 'Results',
    compare: 'Compare',
    cost: 'Cost',
    predictions: 'Predictions',
    inside: 'Inside',
    embedding: 'Embedding',
    search: 'Search',
    device: 'Device',
  },
  pages: { label: 'More pages', lesson: 'Lessons', docs: 'Embed it' },
  bar: 'The run',
  of: (title: string, chosen: string) =>
    `These figures are of the run of “${title}”. “${chosen}” is chosen for the next one.`,
});

/** A part of the page that an error has stopped. */
export const FAILED = localized('FAILED', {
  text: (why: string) =>
    `This part of the page cannot be shown. The rest works, and a run continues. The error: ${why}`,
  retry: 'Try again',
});

export const THEME = localized('THEME', { label: 'Colours', auto: 'As the system', light: 'Light', dark: 'Dark' });

export const SETUP = localized('SETUP', {
  title: 'Set-up',
  experiment: 'Experiment',
  about: 'About this experiment',
  browse: 'All experiments, with pictures',
  data: 'Data',
  engine: 'Engine',
  engines: { auto: 'Auto', cpu: 'CPU', gpu: 'WebGPU' },
  engineHints: {
    auto: 'Starts on the graphics card, if there is one; the CPU takes over if it is faster.',
    cpu: 'WebAssembly with SIMD, on this device’s processor.',
    gpu: 'WebGPU, on this device’s graphics processor.',
  },
  training: 'Training',
  fields: {
    epochs: 'Epochs',
    batch: 'Batch size',
    seed: 'Seed',
    train: 'Training images',
    test: 'Test images',
  },
  all: 'all',
  reset: 'Back to the experiment’s own values',
  nextRun: 'Changes take effect with the next run.',
  invalid: (label: string, expects: string, received: string) =>
    `${label} must be ${expects}. Received: “${received}”.`,
  choices: { official: 'Real', synthetic: 'Synthetic' },
  synthetic: 'synthetic',
  loaded: (title: string, train: string, test: string) => `${title}: ${train} training and ${test} test images`,
  keptHere: (size: string) => `Kept in this browser (${size})`,
  onSite: (files: string) => `This site has it (${files}). It is fetched when you start.`,
  needed: (title: string, hasSynthetic: boolean) =>
    `${title} is not here yet. Drop its files on the page${hasSynthetic ? ', or train on the synthetic set' : ', or choose or fetch them'}.`,
  openCost: 'Open the cost sheet',
});

export const DROP_ZONE = localized('DROP_ZONE', {
  get: 'Get the data',
  fetchSite: 'Fetch it from this site',
  dropTitle: 'Drop the data files here',
  dropText: 'as you downloaded them, compressed or not',
  imagesText: 'a folder of PNG, JPEG, WebP, GIF or BMP files with a folder for each class, or a .zip or .tar.gz of it',
  pick: 'Choose files…',
  pickFolder: 'Choose a folder…',
  ownImages: 'Use my own images',
  url: 'or fetch from an address',
  urlLabel: 'Address of a data file',
  urlButton: 'Fetch',
  urlInvalid: (received: string) =>
    `That is not an address of a file on the web. Received: “${received}”. Write it in full, beginning with https://.`,
  urlHint: 'The other site must allow pages to read its files (CORS).',
  stillMissing: (files: string) => `Still missing: ${files}.`,
  got: (file: string, as: string) => `${file}: ${as}`,
});

/** The phases of work with a data file. */
export const PROGRESS = localized('PROGRESS', {
  fetch: 'Fetching',
  read: 'Reading',
  decode: 'Decoding',
  store: 'Storing for the next visit',
  generate: 'Generating the synthetic set',
} satisfies Record<ProgressPhase, string>);

export const RUN_BAR = localized('RUN_BAR', {
  start: 'Start',
  again: 'Start again',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  states: {
    idle: 'Ready',
    preparing: 'Preparing…',
    running: 'Training',
    paused: 'Paused',
    stopped: 'Stopped',
    done: 'Finished',
    failed: 'Failed',
  },
  preparing: {
    data: 'Getting the data ready',
    engine: 'Preparing the engine: compiling the network, measuring if needed',
  },
  waits: (title: string) => `Waits for the download of ${title}`,
  cancel: 'Cancel the download',
  epochOf: (epoch: string, epochs: string) => `Epoch ${epoch} of ${epochs}`,
  stepOf: (step: string, steps: string) => `step ${step} of ${steps}`,
  left: (time: string) => `${time} left`,
  speed: (perSecond: string) => `${perSecond} images/s`,
  progress: 'Progress of the run',
  step: 'One step',
  stepHint: 'Trains on one batch and pauses again',
  seed: 'Another seed',
  seedHint: (seed: number) => `Starts again with seed ${seed}`,
});

/** The latest figures of a run. */
export const TILES = localized('TILES', {
  loss: 'Loss',
  accuracy: 'Accuracy',
  valLoss: 'Val. loss',
  valAccuracy: 'Val. accuracy',
  testAccuracy: 'Test accuracy',
  speed: 'Images/s',
});

/** The table of epochs. */
export const EPOCHS = localized('EPOCHS', {
  title: 'Epochs',
  epoch: 'Epoch',
  loss: 'Loss',
  accuracy: 'Accuracy',
  valLoss: 'Val. loss',
  valAccuracy: 'Val. accuracy',
  rate: 'Learning rate',
  seconds: 'Time',
  best: 'lowest validation loss: epoch',
});

export const ENGINES = { cpu: 'CPU', gpu: 'WebGPU' } as const;

/** Buttons that page through a long table. */
export const PAGER = localized('PAGER', {
  first: 'First',
  previous: 'Earlier',
  next: 'Later',
  last: 'Last',
  rows: (from: string, to: string, all: string) => `rows ${from} to ${to} of ${all}`,
});

/** Buttons that choose an image by its index. */
export const CHOOSER = localized('CHOOSER', { first: 'First', previous: 'Previous', next: 'Next', random: 'Random' });

/** The choice of the language. */
export const LANGUAGE = localized('LANGUAGE', { label: 'Language' });

/** The link to the lab. */
export const LINK = localized('LINK', {
  copy: 'Copy link',
  hint: 'Copies the address of this lab: experiment, changes, data, engine, seed and view',
  copied: 'Copied',
  failed: (address: string) => `This browser does not let the page copy. The address is: ${address}`,
});
