/** Texts of the data view and of loading data. */
import { plural, sentences } from '../base/format';
import { localized } from '../base/localized';

export const DATA = localized('DATA', {
  syntheticNote:
    'Generated in this tab from a seed, with the same shape as the real set. Useful for a first look, without a download.',
  incomplete: (title: string, files: string) => `${title} is not complete yet. Drop these, too: ${files}.`,
  problems: (count: string, first: string) => `${count} files could not be used. The first: ${first}`,
  notKept: (title: string, why: string) =>
    `${title} is ready to train on, but could not be stored for the next visit: ${why}. Free some space, or drop the files again on your next visit.`,
  forget: 'Forget',
  forgetLabel: (title: string) => `Forget the files of ${title} that this browser keeps`,
  forgotten: (title: string) => `${title} is no longer kept in this browser.`,
  keptTitle: 'Kept in this browser',
  keptNone: 'Nothing yet. Files that you drop or fetch are kept for your next visit.',
  whereTitle: 'Where to get the files',
  whereFrom: 'Click a name to download it, then drop it above. Made by:',
  whereHub: 'Or these Parquet files of the same images:',
  gridTitle: 'Training images',
  gridMore: 'Show 25 others',
  gridFirst: 'Show the first 25',
  countsTitle: 'Training images per class',
  unfit: (size: string, classes: string) =>
    `The network is for other images or another number of classes. This data has images of ${size} and ${classes} classes.`,
  fit: 'Fit the network to this data',
  saveNpz: 'Save as one .npz',
  saveNpzNote:
    'The images as the network gets them, with labels and class names, for NumPy and for the data set “Own images”.',
  facts: {
    train: 'Training images',
    validation: 'Validation images',
    test: 'Test images',
    size: 'Image',
    classes: 'Classes',
    source: 'Source',
  },
  sourceReal: 'real data',
  neededToStart: (title: string, hasSynthetic: boolean) =>
    `${title} is not here yet, so there is nothing to train on. Drop its files on the lab, ${hasSynthetic ? 'choose or fetch them, or take the synthetic set' : 'or choose or fetch them'}.`,
  range: {
    title: 'Pixel values',
    note: (images: string) =>
      `Of the first ${images} training images. Every value is divided by 255 before the network sees it.`,
    before: 'In the files',
    after: 'As the network sees them',
    figures: (least: string, most: string, mean: string, deviation: string) =>
      `${least} to ${most}, mean ${mean}, standard deviation ${deviation}`,
    label: (name: string, figures: string) => `${name}: ${figures}`,
  },
  merged: {
    title: 'Merged classes',
    note: 'This experiment merges classes: the network is trained and evaluated on the groups only.',
    count: (images: string) => `${images} training images`,
    invalid: 'The groups are not valid for this data set: each class must belong to exactly one group.',
  },
  augmented: {
    title: 'Augmentation',
    note: 'The same images as training uses them in different epochs, computed by the engine from the experiment’s seed.',
    none: 'This experiment has no augmentation. Add one to see its effect; it becomes part of the experiment.',
    original: 'Original',
    epoch: (epoch: string) => `Epoch ${epoch}`,
    play: 'Play the epochs',
    stop: 'Stop',
    next: 'Next epochs',
    image: (name: string, row: string) => `${name}, ${row}`,
  },
});

/** Descriptions of the known sets. */
export const SOURCES = localized('SOURCES', {
  note: (about: string, size: string, grey: boolean, train: string, test: string, download: string) =>
    `${about}, ${size}, ${grey ? 'grey' : 'colour'}: ${train} to train on and ${test} to test. ${download}`,
});

/** The download of a set with one click. */
export const GET = localized('GET', {
  get: (title: string, what: string) => `Get ${title} (${what})`,
  sizeFrom: (size: string, host: string) => `${size} from ${host}`,
  consent: (what: string, others: string[]) =>
    `This downloads ${what} into this browser and keeps it for your next visit. The other site sees your network address, as with every download.${others.length > 0 ? ` If it does not answer, ${others.join(', then ')} is asked.` : ''}`,
  confirm: 'Download',
  refuse: 'Not now',
  cancel: 'Cancel the download',
  fetching: (title: string) => `${title} is being downloaded.`,
  cancelled: (title: string) => `The download of ${title} was cancelled.`,
  failed: (title: string, reasons: string[]) =>
    `${title} could not be downloaded: ${sentences(reasons)} You can still download its files by hand and drop them here; the Data view lists them.`,
});

/** The choice of the experiment's data set. */
export const SET_CHOOSER = localized('SET_CHOOSER', {
  title: 'Data set of this experiment',
  set: 'Data set',
  setNote:
    'Another set becomes part of the experiment; the network’s input and outputs are fitted to it. Merged classes, limits and class names of the former set are dropped.',
  validation: 'Validation images',
  kinds: { share: 'A share', test: 'The test set', none: 'None' },
  notes: {
    share: 'The last share of the training images; of own images, a share of each class. They are not trained on.',
    test: 'As some reports do it. Choosing epochs or options by the test set makes its accuracy too good.',
    none: 'All training images are trained on, and overfitting cannot be seen during the run.',
  },
  share: 'Share in percent',
  shareInvalid: (received: string) => `A share is a number between 0 and 100 percent. Received: “${received}”.`,
});

/** Images from a camera. */
export const CAMERA = localized('CAMERA', {
  open: 'Use the camera',
  title: 'Camera',
  how: 'Hold a button, and the class fills with frames. Turn and move the object, so that they differ. No image leaves this browser.',
  className: (number: string) => `Class ${number}`,
  nameLabel: (number: string) => `Name of class ${number}`,
  nameInvalid: (received: string) =>
    `A class’s name has 1 to 64 characters, no slash, and is not that of another class. Received: “${received}”.`,
  hold: 'Hold to record',
  holdLabel: (name: string) => `Hold to record ${name}`,
  count: (frames: number) => plural(frames, 'frame'),
  clear: 'Clear',
  add: 'Add a class',
  use: (frames: string) => `Use these ${frames} images`,
  close: 'Close the camera',
  failed: 'The camera could not be used. Another program may be using it; close that program and try again.',
  problems: {
    NotAllowedError:
      'The camera was refused. Allow it for this page in the browser’s address bar, or give image files instead.',
    NotFoundError: 'This device has no camera. Give image files instead.',
    NotSupportedError:
      'Browsers give pages a camera only over https or from localhost. Open the page that way, or give image files instead.',
  },
});

/** Dropped files that the open experiment cannot use. */
export const OTHER_SET = localized('OTHER_SET', {
  fits: (title: string) => `These are the files of ${title}, which this experiment does not use.`,
  images: 'These are image files, which this experiment does not use.',
  open: (title: string) => `Open “${title}” with them`,
  useImages: 'Use them as my own images',
  several: (title: string) =>
    `These files hold several sets that fit ${title}, and a mixture of them would be wrong. Which one is to be used?`,
});
