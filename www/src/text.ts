/** Every text of the page, in one place, ready to be translated. Functions fill in figures; nothing else does. */

import type { Browser } from './platform';
import { DATA_MORE } from './text/data';
import { DEVICE } from './text/device';
import { INSIDE } from './text/inside';
import { MODEL } from './text/model';
import { PREDICTIONS } from './text/predictions';
import type { GpuProbe, ProgressPhase } from './worker/protocol';

export const TEXT = {
  name: 'Convlab',
  tagline: 'Train a convolutional network in this tab',
  loading: 'Loading the engine…',
  loadingView: 'Loading…',
  skip: 'Skip to the lab',
  dismiss: 'Dismiss this message',

  theme: { label: 'Colours', auto: 'As the system', light: 'Light', dark: 'Dark' },

  tabs: {
    label: 'Views',
    run: 'Run',
    data: 'Data',
    model: 'Model',
    results: 'Results',
    compare: 'Compare',
    cost: 'Cost',
    predictions: 'Predictions',
    inside: 'Inside',
    device: 'Device',
  },

  setup: {
    title: 'Set-up',
    change: 'Change the set-up',
    hide: 'Hide the set-up',
    experiment: 'Experiment',
    about: 'About this experiment',
    data: 'Data',
    engine: 'Engine',
    engines: { auto: 'Auto', cpu: 'CPU', gpu: 'WebGPU' },
    engineHints: {
      auto: 'Starts on the graphics card, if there is one; the CPU takes over where it is faster.',
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
    wholeNumber: (label: string, received: string) => `${label} must be a whole number. Received: “${received}”.`,
  },

  data: {
    ...DATA_MORE,
    choices: { official: 'Real', synthetic: 'Synthetic' },
    synthetic: 'synthetic',
    syntheticNote:
      'Drawn in this tab from a seed, of the same shape as the real set. Good for a first look, with nothing to download.',
    loaded: (title: string, train: string, test: string) => `${title}: ${train} training and ${test} test images`,
    keptHere: (size: string) => `Kept in this browser (${size})`,
    onSite: (files: string) => `This site has it (${files}). It is fetched when you start.`,
    needed: (title: string, hasSynthetic: boolean) =>
      `${title} is not here yet. Drop its files on the page${hasSynthetic ? ', or train on the synthetic set' : ', or choose or fetch them'}.`,
    neededToStart: (title: string, hasSynthetic: boolean) =>
      `${title} is not here yet, so there is nothing to train on. Drop its files on the lab, ${hasSynthetic ? 'choose or fetch them, or take the synthetic set' : 'or choose or fetch them'}.`,
    costSheet: (title: string) =>
      `“${title}” is a cost sheet: its images do not fit into a browser tab, so it can be counted but not trained. See Model and Cost, or choose another experiment to train.`,
    openCost: 'Open the cost sheet',
    get: 'Get the data',
    fetchSite: 'Fetch it from this site',
    dropTitle: 'Drop the data files here',
    dropText: 'as you downloaded them, compressed or not',
    dropAnywhere: 'Drop the files anywhere on this page',
    pick: 'Choose files…',
    url: 'or fetch from an address',
    urlLabel: 'Address of a data file',
    urlButton: 'Fetch',
    urlInvalid: (received: string) =>
      `That is not an address of a file on the web. Received: “${received}”. Write it in full, beginning with https://.`,
    urlHint: 'The other site must allow pages to read its files (CORS).',
    stillMissing: (files: string) => `Still missing: ${files}.`,
    incomplete: (title: string, files: string) => `${title} is not complete yet. Drop these, too: ${files}.`,
    got: (file: string, as: string) => `${file}: ${as}`,
    problem: (file: string, message: string) => `${file}: ${message}`,
    problems: (count: string, first: string) => `${count} files could not be used. The first: ${first}`,
    notKept: (title: string, why: string) =>
      `${title} is ready to train on, but could not be kept for next time: ${why}. Free some space, or drop the files again on your next visit.`,
    forget: 'Forget',
    forgetLabel: (title: string) => `Forget the files of ${title} that this browser keeps`,
    forgotten: (title: string) => `${title} is no longer kept in this browser.`,
    keptTitle: 'Kept in this browser',
    keptNone: 'Nothing yet. Files that you drop or fetch are kept for your next visit.',
    whereTitle: 'Where to get the files',
    whereFrom: 'Click a name to download it, then drop it above. Made by:',
    setTitle: 'This data set',
    gridTitle: 'Training images',
    gridMore: 'Show 25 others',
    gridFirst: 'Show the first 25',
    countsTitle: 'Training images per class',
    facts: { train: 'Training images', test: 'Test images', size: 'Image', classes: 'Classes', source: 'Source' },
    sourceReal: 'real data',
    progress: {
      fetch: 'Fetching',
      read: 'Reading',
      decode: 'Decoding',
      store: 'Keeping for next time',
      generate: 'Drawing the synthetic set',
    } satisfies Record<ProgressPhase, string>,
    noSynthetic: (name: string) => `There is no synthetic set in place of “${name}”.`,
  },

  run: {
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
    epochOf: (epoch: string, epochs: string) => `Epoch ${epoch} of ${epochs}`,
    stepOf: (step: string, steps: string) => `step ${step} of ${steps}`,
    left: (time: string) => `${time} left`,
    speed: (perSecond: string) => `${perSecond} images/s`,
    stepTime: (ms: string) => `${ms} ms a step`,
    progress: 'Progress of the run',
    bar: 'The run',
    of: (title: string, chosen: string) =>
      `These figures are of the run of “${title}”. “${chosen}” is chosen for the next one.`,
    tiles: {
      loss: 'Loss',
      accuracy: 'Accuracy',
      valLoss: 'Val. loss',
      valAccuracy: 'Val. accuracy',
      testAccuracy: 'Test accuracy',
      speed: 'Images/s',
    },
    noValidation: 'no validation set',
    curves: {
      loss: 'Loss',
      accuracy: 'Accuracy',
      step: 'within the epoch',
      train: 'training',
      validation: 'validation',
      x: 'Epoch',
    },
    curveLabel: (metric: string, epochs: string) =>
      `Curve of the ${metric.toLowerCase()} over ${epochs}. The table of epochs gives the same figures.`,
    emptyTitle: 'Nothing has run yet',
    emptyText: 'Press Start. The curves grow here while the network learns.',
    table: {
      title: 'Epochs',
      epoch: 'Epoch',
      loss: 'Loss',
      accuracy: 'Accuracy',
      valLoss: 'Val. loss',
      valAccuracy: 'Val. accuracy',
      rate: 'Learning rate',
      seconds: 'Time',
      best: 'least validation loss: epoch',
    },
    gpuStates: { missing: 'not in this browser', refused: 'no adapter', insecure: 'only over https' },
    device: {
      title: 'What runs it',
      here: 'This device',
      cores: 'Processor cores',
      gpu: 'WebGPU',
      yes: 'yes',
      engine: 'Engine',
      device: 'Device',
      why: 'Why',
      build: 'WebAssembly build',
      steps: 'Steps per epoch',
      samples: 'Images',
      seed: 'Seed',
    },
    samples: (train: string, validation: string, test: string) =>
      `${train} training, ${validation} validation, ${test} test`,
    announceEpoch: (epoch: string, epochs: string, loss: string, accuracy: string) =>
      `Epoch ${epoch} of ${epochs}: loss ${loss}, accuracy ${accuracy}`,
    announceValidation: (loss: string, accuracy: string) =>
      `, validation loss ${loss}, validation accuracy ${accuracy}`,
    announceDone: (accuracy: string) => `Training finished. Test accuracy ${accuracy}.`,
    engineName: { cpu: 'CPU', gpu: 'WebGPU' },
    stoppedEarly: 'Early stopping ended this run: the monitored figure no longer improved.',
  },

  model: MODEL,

  predictions: PREDICTIONS,

  inside: INSIDE,

  device: DEVICE,

  results: {
    emptyTitle: 'No results yet',
    emptyText: 'Train to the end, or stop a run and evaluate it on the test set.',
    evaluate: 'Evaluate on the test set now',
    evaluating: 'Evaluating…',
    test: 'Test set',
    loss: 'Test loss',
    accuracy: 'Test accuracy',
    top5: 'Top-5 accuracy',
    confusion: 'Confusion matrix',
    confusionHint: 'Rows are the true class, columns what the network said. Click a cell to see its pictures.',
    truth: 'True class',
    predicted: 'Predicted',
    cell: (count: string, truth: string, predicted: string) => `${count} images of “${truth}” called “${predicted}”`,
    classes: 'By class',
    columns: { class: 'Class', precision: 'Precision', recall: 'Recall', f1: 'F1', support: 'Images' },
    mistakes: 'Most frequent mistakes',
    mistake: (count: string, truth: string, predicted: string) => `${count} × “${truth}” taken for “${predicted}”`,
    prediction: 'Prediction',
    predictionOf: (index: string) => `Test image ${index}`,
    isRight: (name: string) => `Right: it is “${name}”.`,
    isWrong: (name: string, truth: string) => `Wrong: the network says “${name}”, but it is “${truth}”.`,
    indexLabel: 'Number of the test image, from 0',
    downloads: 'Download',
    weights: 'Weights (safetensors)',
    historyJson: 'History (JSON)',
    historyCsv: 'History (CSV)',
  },

  url: {
    unknown: (name: string, names: string) =>
      `The address of this page has a setting “${name}” that does not exist. There are: ${names}.`,
    invalid: (name: string, expects: string, received: string) =>
      `The address of this page sets ${name}, which must be ${expects}. Received: “${received}”.`,
    experiment: (received: string, names: string) => `There is no experiment “${received}”. There are: ${names}.`,
  },

  crash: (why: string) =>
    `The engine has stopped${why ? `: ${why}` : ''}. Start it again: the run can go on from where it was last kept, and the data that this browser keeps is still there.`,
  restart: 'Start the engine again',
  notLoaded: (why: string) =>
    `The engine could not be loaded: ${why}. Reload the page; if it happens again, this browser may lack WebAssembly with SIMD.`,
} as const;

/** Why WebGPU is off, and where this browser turns it on. Null where it is on. */
export function gpuNotice(probe: GpuProbe, browser: Browser): string | null {
  switch (probe.state) {
    case 'ready':
      return probe.software
        ? 'WebGPU runs in software here, on the processor, so it is slow. The CPU engine is likely to be faster.'
        : null;
    case 'insecure':
      return 'WebGPU is off: browsers offer it only to pages opened over https or from localhost. Training runs on the CPU.';
    case 'missing':
      return `This browser has no WebGPU, so training runs on the CPU. ${GPU_HINTS[browser]}`;
    case 'refused':
      return `WebGPU gave no graphics adapter, so training runs on the CPU. ${GPU_HINTS[browser]}`;
  }
}

const GPU_HINTS: Record<Browser, string> = {
  'chromium-linux':
    'To turn it on: open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”, restart the browser, and look at chrome://gpu if it stays off.',
  chromium:
    'To turn it on: in the settings under System, use graphics acceleration when available, restart the browser, and look at chrome://gpu if it stays off.',
  firefox: 'To turn it on: update Firefox, or open about:config, set dom.webgpu.enabled to true and restart it.',
  safari: 'To turn it on: update to Safari 26 or newer, or enable WebGPU in the settings under Feature Flags.',
  other: 'A current Chrome, Edge, Firefox or Safari has it.',
};
