/** What dropped files are: models by their name or content, and the sets that files together hold. */
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { candidates, groupsOf } from '../../../www/src/data/several-sets';
import { isModelFile, pathOf, withPath } from '../../../www/src/ui/dropped';

const file = (path: string, content: BlobPart = 'x') =>
  withPath(new File([content], path.slice(path.lastIndexOf('/') + 1)), path);

test('a model is recognised by its name, a JSON file by its content', async () => {
  for (const name of ['a.keras', 'a.H5', 'a.onnx', 'a.safetensors', 'a.py', 'a.ipynb'])
    expect(await isModelFile(file(name))).toBe(true);
  const keras = '\ufeff{"module": "keras", "class_name": "Sequential", "config": {"layers": []}}';
  expect(await isModelFile(file('model.json', keras))).toBe(true);
  expect(await isModelFile(file('model.txt', keras))).toBe(false);
  expect(await isModelFile(file('classes.json', '{"0": "cat"}'))).toBe(false);
  expect(await isModelFile(file('images.zip'))).toBe(false);
});

const names = (...paths: string[]) =>
  [...groupsOf(paths.map((path) => file(path)))].map(([name, files]) => [name, files.map(pathOf)]);

test('files are grouped by the first folder in which they differ', () => {
  expect(names('all/mnist/train', 'all/mnist/test', 'all/kmnist/raw/train')).toEqual([
    ['mnist', ['all/mnist/train', 'all/mnist/test']],
    ['kmnist', ['all/kmnist/raw/train']],
  ]);
  // An archive beside a folder is a group by itself.
  expect(names('a/b.zip', 'a/c/train')).toEqual([
    ['b.zip', ['a/b.zip']],
    ['c', ['a/c/train']],
  ]);
});

test('files of one folder are grouped by what their names have beside the split', () => {
  const of = (set: string) =>
    ['train-images', 'train-labels', 'test-images', 'test-labels'].map(
      (part) => `emnist/emnist-${set}-${part}-idx3-ubyte.gz`,
    );
  expect(names(...of('digits'), ...of('letters')).map(([name]) => name)).toEqual(['emnist digits', 'emnist letters']);
  expect(names('train-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz')).toHaveLength(1);
});

test('the candidates are the groups that are complete, also in a zip', async () => {
  const isComplete = async (files: File[]) => files.length === 2;
  const paths = ['s/a/1', 's/a/2', 's/b/1', 's/b/2', 's/c/1'];
  const found = await candidates(
    paths.map((path) => file(path)),
    isComplete,
  );
  expect(found.map(({ name }) => name)).toEqual(['a', 'b']);
  const zip = zipSync(Object.fromEntries(paths.map((path) => [path, new Uint8Array(3)])));
  const packed = await candidates([file('sets.zip', zip as Uint8Array<ArrayBuffer>)], isComplete);
  expect(packed.map(({ name, files }) => [name, files.map(pathOf)])).toEqual([
    ['a', ['sets.zip/s/a/1', 'sets.zip/s/a/2']],
    ['b', ['sets.zip/s/b/1', 'sets.zip/s/b/2']],
  ]);
  expect(await candidates([file('broken.zip', 'no zip')], isComplete)).toEqual([]);
});
