// npm run data: puts the official data files into the site's data folder, from which the page loads them.
//
//   npm run data                          downloads MNIST and CIFAR-10
//   npm run data -- mnist cifar100        downloads these (mnist, fashion_mnist, kmnist, cifar10, cifar100, svhn, or all)
//   npm run data -- --mirror URL [sets]   downloads them from this base address, for example a school's server
//   npm run data -- --from DIR [sets]     copies them from a folder on this machine or its subfolders
//
// If no official server has a set, the Parquet files of Hugging Face's Hub are taken, which the page and the command line read as well.
// Files are written atomically: a file gets its name only after its sum has been checked.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fail, root, SetupError } from './lib.mjs';

const site = join(root, 'www', 'public', 'data');
const STALL_MS = 60_000; // a download is cancelled if nothing arrives for this long
const MAX_DEPTH = 6;

const idx = (sums) =>
  ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name, i) => ({
    name: `${name}-ubyte.gz`,
    md5: sums[i][0],
    plainMd5: sums[i][1],
  }));

/**
 * The addresses of each set's files and their MD5 sums. `plainMd5` is the sum of the uncompressed file, which identifies a copy that was
 * compressed again. `others` are archives with the same images in another format.
 */
const SETS = {
  mnist: {
    urls: [
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
      'http://yann.lecun.com/exdb/mnist/',
    ],
    files: idx([
      ['f68b3c2dcbeaaa9fbdd348bbdeb94873', '6bbc9ace898e44ae57da46a324031adb'],
      ['d53e105ee54ea40749a09fcbcd1e9432', 'a25bea736e30d166cdddb491f175f624'],
      ['9fb629c4189551a2d022fa330f9573f3', '2646ac647ad5339dbf082846283269ea'],
      ['ec29112dd5afa0611ce80d1b7f02629c', '27ae3e4e09519cfbb04c329615203637'],
    ]),
  },
  fashion_mnist: {
    urls: [
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    ],
    files: idx([
      ['8d4fb7e6c68d591d4c3dfef9ec88bf0d'],
      ['25c81989df183df01b3e8a0aad5dffbe'],
      ['bef4ecab320f06d8554ea6380940ec79'],
      ['bb300cfdad3c16e7a12a480ee83cd310'],
    ]),
  },
  kmnist: {
    urls: ['https://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
    files: idx([
      ['bdb82020997e1d708af4cf47b453dcf7'],
      ['e144d726b3acfaa3e44228e80efcd344'],
      ['5c965bf0a639b31b8f53240b1b52f4d7'],
      ['7320c461ea6c1c855c0b718fb2a4b134'],
    ]),
  },
  cifar10: {
    urls: ['https://www.cs.toronto.edu/~kriz/'],
    files: [{ name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530' }],
    others: [{ name: 'cifar-10-python.tar.gz', md5: 'c58f30108f718f92721af3b95e74349a' }],
    archive: /^cifar[-_]?10(?!0).*\.(tar\.gz|tgz|tar)$/i,
  },
  cifar100: {
    urls: ['https://www.cs.toronto.edu/~kriz/'],
    files: [{ name: 'cifar-100-binary.tar.gz', md5: '03b5dce01913d631647c71ecec9e9cb8' }],
    others: [{ name: 'cifar-100-python.tar.gz', md5: 'eb9058c3a382ffc7106e4002c42a8d85' }],
    archive: /^cifar[-_]?100.*\.(tar\.gz|tgz|tar)$/i,
  },
  svhn: {
    urls: ['http://ufldl.stanford.edu/housenumbers/'],
    files: [
      { name: 'train_32x32.mat', md5: 'e26dedcc434d2e4c54c9b2d4a06d8373' },
      { name: 'test_32x32.mat', md5: 'eb5a983be6a315427106f1b164d9cef3' },
    ],
  },
};

const USAGE = `npm run data -- [--from DIR | --mirror URL] [${Object.keys(SETS).join('|')}|all …]     (default: mnist cifar10)`;

/** The Parquet files of the sets on the Hub, of which the page knows, too. Some of them have no known sum. */
const HUB = JSON.parse(await readFile(join(root, 'www', 'src', 'data', 'hub.json'), 'utf8'));

/** Parses the command line: the sets, and their source. */
function parse(args) {
  const names = [];
  let from;
  let mirror;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--help' || args[i] === '-h') return { help: true };
    if (args[i] === '--from') {
      from = args[++i];
      if (!from) throw new SetupError('--from needs a folder.', USAGE);
    } else if (args[i] === '--mirror') {
      mirror = args[++i];
      if (!/^https?:/.test(mirror ?? '') || !URL.canParse(mirror))
        throw new SetupError(`--mirror needs an http(s) address. Received: ${mirror ?? 'no value'}`, USAGE);
      mirror = mirror.replace(/\/*$/, '/');
    } else if (args[i] === 'all') names.push(...Object.keys(SETS));
    else if (Object.hasOwn(SETS, args[i])) names.push(args[i]);
    else throw new SetupError(`Unknown argument. Received: ${args[i]}`, USAGE);
  }
  return { names: names.length ? [...new Set(names)] : ['mnist', 'cifar10'], from: from && resolve(from), mirror };
}

const isFile = async (path) => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/** The MD5 sum of a file. With `unpack`, of its uncompressed content; undefined if it cannot be uncompressed. */
async function md5(path, unpack = false) {
  const hash = createHash('md5');
  try {
    await pipeline([createReadStream(path), ...(unpack ? [createGunzip()] : []), hash]);
  } catch (error) {
    if (unpack) return undefined;
    throw error;
  }
  return hash.digest('hex');
}

/** Writes a stream to a temporary file and renames it to `target` after `accept(sum)`, which throws to reject it. */
async function writeAtomically(target, source, accept, sum = 'md5') {
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.${randomUUID().slice(0, 8)}.part`;
  const hash = createHash(sum);
  const tap = new PassThrough().on('data', (chunk) => hash.update(chunk));
  try {
    await pipeline(source, tap, createWriteStream(part));
    accept(hash.digest('hex'));
    await rename(part, target);
  } finally {
    await rm(part, { force: true });
  }
}

/** Removes the temporary files of a process that was killed. */
async function removeParts(folder) {
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
}

/** Describes an error of the network or the disk. */
function reason(error) {
  const code = error.cause?.code ?? error.code;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'host not found, or no network';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return 'the connection was lost';
  if (code === 'ECONNREFUSED') return 'the server refused the connection';
  if (error.name === 'AbortError') return `no data for ${STALL_MS / 1000} s`;
  return code ?? error.cause?.message ?? error.message;
}

/** Streams the body of a URL; fails if the server stops sending. */
async function* body(url, name) {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), STALL_MS);
  try {
    const response = await fetch(url, { signal: stalled.signal });
    if (!response.ok) throw new Error(`the server responded ${response.status} ${response.statusText}`.trim());
    const total = Number(response.headers.get('content-length'));
    let done = 0;
    for await (const chunk of Readable.fromWeb(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), STALL_MS);
      done += chunk.length;
      if (process.stdout.isTTY) process.stdout.write(`\r  ${name}  ${progress(done, total)} `);
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  }
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const progress = (done, total) => (total ? `${mb(done)} of ${mb(total)}` : mb(done));

/** Downloads a set's Parquet files; the names of the files. */
async function fetchHub(set) {
  const { folder, files } = HUB[set];
  for (const { name, sha256 } of files) {
    const target = join(site, set, name);
    try {
      await writeAtomically(
        target,
        body(folder + name, name),
        (sum) => {
          if (sha256 && sum !== sha256)
            throw new Error(`not the expected file: its SHA-256 sum is ${sum} instead of ${sha256}`);
        },
        'sha256',
      );
    } catch (error) {
      throw new SetupError(`${set}: ${folder}${name}: ${reason(error)}`);
    }
    console.log(
      `  ${name}  downloaded from ${new URL(folder).host}${sha256 ? '' : ' (no sum is known to compare it with)'}`,
    );
  }
  return files.map(({ name }) => name);
}

/** Downloads one file from the first address that has the official content. */
async function download(set, file, target, mirror) {
  const failures = [];
  for (const base of mirror ? [mirror] : SETS[set].urls) {
    try {
      await writeAtomically(target, body(base + file.name, file.name), (sum) => {
        if (sum !== file.md5) throw new Error(`not the official file: its MD5 sum is ${sum} instead of ${file.md5}`);
      });
      return `downloaded from ${new URL(base).host}`;
    } catch (error) {
      if (error.code === 'ENOSPC')
        throw new SetupError(`The disk is full: ${target}`, 'Free some space and try again.');
      failures.push(`${base}${file.name}: ${reason(error)}`);
    }
  }
  throw new SetupError(
    `${set}: ${file.name} could not be downloaded.\n    ${failures.join('\n    ')}`,
    `If you have the files: npm run data -- --from DIR ${set}. They can also be dropped on the page.`,
  );
}

/** All files in a folder and its subfolders. */
async function* walk(dir, depth = 0) {
  for (const entry of (await readdir(dir, { withFileTypes: true }).catch(() => [])).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(dir, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth < MAX_DEPTH && entry.name !== 'node_modules') yield* walk(path, depth + 1);
  }
}

/** Whether a file on disk has the official content: as downloaded, compressed again, or uncompressed. */
async function matches(path, file) {
  const sum = await md5(path);
  if (sum === file.md5 || (file.plainMd5 && sum === file.plainMd5)) return true;
  return Boolean(file.plainMd5) && (await md5(path, true)) === file.plainMd5;
}

/** Whether a path names this set and no other: on the Hub, the files of all sets have the same names. */
function ofSet(set, path) {
  const squeezed = path.toLowerCase().replaceAll(/[^a-z\d]/g, '');
  const named = ['fashionmnist', 'kmnist', 'cifar100', 'cifar10', 'mnist', 'svhn'].filter((name) =>
    squeezed.includes(name),
  );
  return named[0] === set.replace('_', '');
}

/** Finds the files of a set on disk: [{ path, name, warning? }]. Official files are preferred. */
async function findLocal(set, from) {
  const { files, others = [], archive } = SETS[set];
  const all = [];
  for await (const path of walk(from)) all.push(path);
  const pick = async (file) => {
    const plain = file.name.replace(/\.gz$/, '');
    const dotted = plain.replace(/-(idx\d)/, '.$1');
    const names = [file.name, plain, dotted, `${dotted}.gz`];
    const found = all.filter((path) => names.includes(basename(path)));
    for (const path of found) {
      const name = path.endsWith('.gz') ? file.name : plain;
      if (await matches(path, file)) return { path, name };
    }
    return { found };
  };
  const official = await Promise.all(files.map(pick));
  if (official.every((file) => file.path)) return official;
  for (const other of others) {
    const file = await pick(other);
    if (file.path) return [file];
  }
  const unofficial = archive && all.find((path) => archive.test(basename(path)));
  if (unofficial) return [{ path: unofficial, name: basename(unofficial), warning: true }];
  const tables = HUB[set].files.map(({ name }) => all.find((path) => basename(path) === name && ofSet(set, path)));
  if (tables.every(Boolean)) return tables.map((path) => ({ path, name: basename(path) }));
  const missing = files.filter((_, i) => !official[i].path);
  const wrong = official.flatMap((file) => file.found ?? []);
  throw new SetupError(
    `${set}: ${missing.map((file) => file.name).join(', ')} not found in ${from} or its subfolders.` +
      (wrong.length ? `\n    Found, but with other content (MD5): ${wrong.join(', ')}` : ''),
    'Name the folder with the official files as downloaded, or omit --from to download them.',
  );
}

async function copyLocal(set, from) {
  const names = [];
  for (const { path, name, warning } of await findLocal(set, from)) {
    const target = join(site, set, name);
    if (resolve(path) !== target) await writeAtomically(target, createReadStream(path), () => {});
    if (warning)
      console.warn(
        `\n  !! WARNING: ${path} is not the official archive (its MD5 sum is different).\n` +
          '  !! It is used because you named this folder. Results of training on it are not comparable.\n',
      );
    console.log(`  ${name}  copied from ${path}`);
    names.push(name);
  }
  return names;
}

async function fetchSet(set, mirror) {
  try {
    for (const file of SETS[set].files) {
      const target = join(site, set, file.name);
      const exists = (await isFile(target)) && (await matches(target, file));
      console.log(`  ${file.name}  ${exists ? 'exists' : await download(set, file, target, mirror)}`);
    }
    return SETS[set].files.map((file) => file.name);
  } catch (error) {
    // A mirror was named on purpose, and a full disk is full for other files as well.
    if (!(error instanceof SetupError) || mirror || error.message.startsWith('The disk is full')) throw error;
    console.log(`  ${error.message.split('\n')[0]} The Parquet files are tried.`);
    return fetchHub(set).catch((hub) => {
      throw new SetupError(`${error.message}\n    ${hub.message}`, error.hint);
    });
  }
}

/** Writes the list of files for the page: {"mnist": ["data/mnist/…"], …}. Sets of earlier calls are kept if their files exist. */
async function writeIndex(fresh) {
  const path = join(site, 'index.json');
  const old = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  const index = {};
  for (const set of Object.keys(SETS)) {
    const files = fresh[set]?.map((name) => `data/${set}/${name}`) ?? old[set];
    const exist = Array.isArray(files) && (await Promise.all(files.map((file) => isFile(join(site, '..', file)))));
    if (exist?.length && exist.every(Boolean)) index[set] = files;
  }
  await writeAtomically(path, Readable.from([`${JSON.stringify(index, null, 2)}\n`]), () => {});
  return index;
}

async function main() {
  const { names, from, mirror, help } = parse(process.argv.slice(2));
  if (help) return console.log(USAGE);
  if (from && !(await stat(from).catch(() => undefined))?.isDirectory())
    throw new SetupError(`--from needs a folder. Received: ${from}`, USAGE);
  const fresh = {};
  const failures = [];
  for (const set of names) {
    console.log(set);
    await removeParts(join(site, set));
    try {
      fresh[set] = await (from ? copyLocal(set, from) : fetchSet(set, mirror));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(error);
    }
  }
  const index = await writeIndex(fresh);
  console.log(`\nIn ${relative(process.cwd(), site) || '.'}: ${Object.keys(index).join(', ') || 'no data sets'}`);
  if (failures.length) {
    const hints = [...new Set(failures.map((failure) => failure.hint))];
    throw new SetupError(failures.map((failure) => failure.message).join('\n✗ '), hints.join('\n  '));
  }
}

await main().catch((error) => {
  // A full disk or a missing permission is not a bug of this script, so it gets a message without a stack trace.
  if (error.code && error.syscall)
    fail(
      new SetupError(`${error.path ?? site}: ${reason(error)}`, 'Free some space or grant permission, then try again.'),
    );
  fail(error);
});
