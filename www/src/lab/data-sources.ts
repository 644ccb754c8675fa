/** Where the official files of each data set are, and their names. */
export interface DataSource {
  title: string;
  files: string[];
  /** `folder` is the address of the files themselves, `site` the page of the authors of the set. */
  folder: string;
  site: string;
  note: string;
}

const MNIST_FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
];

export const DATA_SOURCES: Record<string, DataSource> = {
  mnist: {
    title: 'MNIST',
    files: MNIST_FILES,
    folder: 'https://storage.googleapis.com/cvdf-datasets/mnist/',
    site: 'http://yann.lecun.com/exdb/mnist/',
    note: 'Handwritten digits, 28 × 28, grey: 60,000 to train on and 10,000 to test. Four files, 11 MB.',
  },
  fashion_mnist: {
    title: 'Fashion-MNIST',
    files: MNIST_FILES,
    folder: 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    site: 'https://github.com/zalandoresearch/fashion-mnist',
    note: 'Clothes, 28 × 28, grey: 60,000 to train on and 10,000 to test. Four files with the names of MNIST’s, 30 MB.',
  },
  cifar10: {
    title: 'CIFAR-10',
    files: ['cifar-10-binary.tar.gz', 'cifar-10-python.tar.gz'],
    folder: 'https://www.cs.toronto.edu/~kriz/',
    site: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    note: 'Photographs in 10 classes, 32 × 32, colour: 50,000 to train on and 10,000 to test. One archive (either one), 160 MB.',
  },
  cifar100: {
    title: 'CIFAR-100',
    files: ['cifar-100-binary.tar.gz', 'cifar-100-python.tar.gz'],
    folder: 'https://www.cs.toronto.edu/~kriz/',
    site: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    note: 'Photographs in 100 classes, 32 × 32, colour: 50,000 to train on and 10,000 to test. One archive (either one), 160 MB.',
  },
};
