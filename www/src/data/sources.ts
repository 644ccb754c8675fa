/** Where the files of the known sets are: at their authors', and as Parquet files on Hugging Face's Hub. */

import { setNamed } from '../base/datasets';
import { integer } from '../base/format';
import { phrase } from '../base/localized';
import type { Source } from '../worker/protocol';
import hub from './hub.json';
import { SOURCES } from './text';

/** The official files. */
export interface OfficialFiles {
  files: string[];
  /** `folder` is the address of the files themselves, `site` the page of the authors of the set. */
  folder: string;
  site: string;
  /** What the images show, and the number and size of the files. */
  about: string;
  download: string;
  /** Whether other pages may read the files (CORS), so that they are a second source. */
  readable?: boolean;
}

const MNIST_FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
];

export const OFFICIAL: Record<string, OfficialFiles> = {
  mnist: {
    files: MNIST_FILES,
    folder: 'https://storage.googleapis.com/cvdf-datasets/mnist/',
    site: 'http://yann.lecun.com/exdb/mnist/',
    about: 'Handwritten digits',
    download: 'Four files, 11 MB.',
    readable: true,
  },
  fashion_mnist: {
    files: MNIST_FILES,
    folder: 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    site: 'https://github.com/zalandoresearch/fashion-mnist',
    about: 'Clothes',
    download: 'Four files with the names of MNIST’s, 30 MB.',
    readable: true,
  },
  cifar10: {
    files: ['cifar-10-binary.tar.gz', 'cifar-10-python.tar.gz'],
    folder: 'https://www.cs.toronto.edu/~kriz/',
    site: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    about: 'Photographs in 10 classes',
    download: 'One archive (either one), 160 MB.',
  },
  cifar100: {
    files: ['cifar-100-binary.tar.gz', 'cifar-100-python.tar.gz'],
    folder: 'https://www.cs.toronto.edu/~kriz/',
    site: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    about: 'Photographs in 100 classes',
    download: 'One archive (either one), 160 MB.',
  },
  kmnist: {
    files: MNIST_FILES,
    folder: 'https://codh.rois.ac.jp/kmnist/dataset/kmnist/',
    site: 'https://codh.rois.ac.jp/kmnist/',
    about: 'Cursive Japanese characters',
    download: 'Four files with the names of MNIST’s, 21 MB.',
  },
  svhn: {
    files: ['train_32x32.mat', 'test_32x32.mat'],
    folder: 'http://ufldl.stanford.edu/housenumbers/',
    site: 'http://ufldl.stanford.edu/housenumbers/',
    about: 'Digits of house numbers',
    download: 'Two files, 246 MB.',
  },
};

/** What the set consists of, in a sentence. */
export function noteOf(name: string, { about, download }: OfficialFiles): string {
  const set = setNamed(name);
  if (!set?.size || !set.counts) return `${phrase(about)}. ${phrase(download)}`;
  const [height = 0, width = 0, channels = 0] = set.size;
  const [train = 0, test = 0] = set.counts;
  return SOURCES.note(
    phrase(about),
    `${height} × ${width}`,
    channels === 1,
    integer(train),
    integer(test),
    phrase(download),
  );
}

interface HubSet {
  folder: string;
  bytes: number;
  files: { name: string; sha256?: string }[];
}

/** The addresses of the Hub's files, for those who download them by hand. */
export function hubFiles(name: string): string[] {
  const set = (hub as Record<string, HubSet>)[name];
  return set ? set.files.map((file) => set.folder + file.name) : [];
}

/** The sources of a set in the order in which they are tried: those that the site names, the Hub, and the authors' files. */
export function sourcesOf(name: string, ofSite: readonly Source[]): Source[] {
  const sources = [...ofSite];
  const set = (hub as Record<string, HubSet>)[name];
  if (set) {
    const files = set.files.map(({ name: file, sha256 }) => ({
      url: set.folder + file,
      ...(sha256 !== undefined && { sha256 }),
    }));
    sources.push({ bytes: set.bytes, files });
  }
  const official = OFFICIAL[name];
  if (official?.readable) sources.push({ files: official.files.map((file) => ({ url: official.folder + file })) });
  return sources;
}

export const hostOf = ({ files: [first] }: Source): string => (first ? new URL(first.url).host : '');
