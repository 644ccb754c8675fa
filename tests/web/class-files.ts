/** An assignment and the files of a class: honest ones from the page's own engine, and what else is handed in. */
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';

export const TINY = {
  name: 'tiny',
  title: 'A small one',
  input_shape: [28, 28, 1],
  batch_size: 20,
  epochs: 1,
  seed: 3,
  dataset: { name: 'synthetic_digits', validation: { split: 0.2 }, limit: { train: 300, test: 100 } },
  layers: [
    { type: 'conv2d', filters: 4, kernel_size: 5, strides: 2, activation: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: 10, activation: 'softmax' },
  ],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam', learning_rate: 0.01 },
};

export const WEEK = {
  assignment: 'Week 3',
  experiment: TINY,
  seed: 'student',
  deadline: '2100-12-04T18:00:00+01:00',
  questions: [
    { id: 'why', text: 'Why does it learn so little?' },
    { id: 'layers', text: 'How many layers?', choices: ['two', 'three'], answer: 'three' },
  ],
  rubric: [
    { points: 3, accuracy: 0.05 },
    { points: 1, answer: 'why' },
    { points: 2, answer: 'layers' },
    { points: 1, guess: 1 },
  ],
};

/** The rule of src/README.md, of which this is a second implementation. */
export const studentSeed = (name: string): number =>
  createHash('sha256')
    .update(`convlab student seed 1\n${name.normalize('NFC').trim().split(/\s+/).join(' ').toLowerCase()}`)
    .digest()
    .readUInt32BE(0);

export interface Handed {
  student: string;
  [field: string]: unknown;
}

/** Trains the run of each student in a page with an empty `<conv-lab locked compact>`. */
export async function honestRuns(page: Page, names: string[]): Promise<Handed[]> {
  const runs: Handed[] = [];
  for (const student of names) {
    const spec = { ...TINY, seed: studentSeed(student) };
    const run = await page.evaluate(async (spec) => {
      type Lab = HTMLElement & { spec: unknown; start(): Promise<void>; submission(): Promise<object> };
      const lab = Object.assign(document.createElement('conv-lab') as Lab, { spec });
      for (const name of ['locked', 'compact']) lab.setAttribute(name, '');
      document.body.append(lab);
      const done = new Promise((resolve) => lab.addEventListener('convlab-done', resolve, { once: true }));
      await lab.start();
      await done;
      const submission = await lab.submission();
      lab.remove();
      return submission;
    }, spec);
    runs.push({ ...run, student });
  }
  return runs;
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

const crc32 = (bytes: Buffer): number =>
  (bytes.reduce((crc, byte) => (CRC[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/** A zip archive without compression; all files are of 2026-12-01, 12:00. */
export function zip(files: Map<string, Buffer>): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, bytes] of files) {
    const common = Buffer.alloc(26);
    for (const [at, value] of [
      [0, 20],
      [6, 12 << 11],
      [8, ((2026 - 1980) << 9) | (12 << 5) | 1],
      [22, Buffer.byteLength(name)],
    ] as const)
      common.writeUInt16LE(value, at);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}
