/** Texts of the data view and of loading data. */
import { sentences } from '../base/format';
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
