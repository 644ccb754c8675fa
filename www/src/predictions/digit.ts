/**
 * A drawn or photographed digit in the format of MNIST: white ink on black, scaled into a box of 20 × 20, and placed so that its
 * centre of mass is the middle of 28 × 28 (LeCun, Cortes and Burges).
 */
import { grey, type Plane, type Rgba, resample } from './fit';

const SIZE = 28;
const BOX = 20;

/** Values below this share of the brightest ink are background. */
const PAPER = 0.12;

/** Below this difference to the paper, of 255, ink is faint: noise and uneven light matter. */
const FAINT = 64;

/** The longest side to which a faint image is reduced. */
const CALM = 128;

/** The least difference of ink to paper that is seen as ink, of 255. */
const LEAST = 5;

/** The digit as 28 × 28 pixels; null if there is no ink. */
export function asDigit(image: Rgba): Uint8Array | null {
  const ink = inkOf(grey(image));
  const box = bounds(ink);
  if (!box) return null;
  const scale = BOX / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const digit = resample(ink, box, width, height);
  return place(digit);
}

/** White ink on black: the image is inverted if its border, which is background, is bright. All is black if there is no ink. */
function inkOf(image: Plane): Plane {
  const frame = frameOf(image);
  const paper = median(frame);
  const ink = image.values.map((value) => (paper > 127 ? paper - value : value - paper));
  const most = greatest(ink);
  const unrest = median(frame.map((value) => Math.abs(value - paper)));
  if (most < Math.max(FAINT, 12 * unrest)) return faintInk(image, paper > 127);
  return { ...image, values: ink.map((value) => (value < PAPER * most ? 0 : (value / most) * 255)) };
}

/**
 * The ink of a faint photograph. The paper's brightness may change from side to side, so it is a plane through the border. The noise
 * is the deviation of the border from it, and what does not exceed the noise clearly is no ink.
 */
function faintInk(image: Plane, isDarkOnBright: boolean): Plane {
  const scale = Math.min(1, CALM / Math.max(image.width, image.height));
  const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
  // Each pixel of a smaller image is a mean, which has less noise.
  const calm = resample(image, { x: 0, y: 0, width: image.width, height: image.height }, width, height);
  const paper = paperOf(calm);
  const difference = calm.values.map((value, i) => value - paper(i % width, Math.floor(i / width)));
  const noise = 1.4826 * median(frameOf({ width, height, values: difference }).map(Math.abs));
  const ink = difference.map((value) => (isDarkOnBright ? -value : value));
  const most = greatest(ink);
  if (most < Math.max(LEAST, 7 * noise)) return { width, height, values: new Float64Array(width * height) };
  const least = Math.max(PAPER * most, 4 * noise);
  const values = ink.map((value) => (value < least ? 0 : (value / most) * 255));
  return withoutSpecks({ width, height, values });
}

/** Without ink that has no ink beside it, which is noise. It would make the digit's box larger. */
function withoutSpecks({ width, height, values }: Plane): Plane {
  const isInk = (x: number, y: number) => x >= 0 && x < width && y >= 0 && y < height && values[y * width + x] !== 0;
  const neighbours = (x: number, y: number) =>
    [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((across) => isInk(x + across, y + down))).filter(Boolean).length - 1;
  const kept = values.map((value, i) => (value > 0 && neighbours(i % width, Math.floor(i / width)) < 2 ? 0 : value));
  return { width, height, values: kept };
}

/** The paper's brightness: the plane through the middles of the four sides of the border, each of which is a median. */
function paperOf(image: Plane): (x: number, y: number) => number {
  const { width, height, values } = image;
  const side = (length: number, at: (i: number) => number) =>
    median(Float64Array.from({ length }, (_, i) => values[at(i)] ?? 0));
  const top = side(width, (i) => i);
  const bottom = side(width, (i) => (height - 1) * width + i);
  const left = side(height, (i) => i * width);
  const right = side(height, (i) => i * width + width - 1);
  const middle = (top + bottom + left + right) / 4;
  const [across, down] = [right - left, bottom - top];
  const share = (at: number, length: number) => (length > 1 ? at / (length - 1) - 0.5 : 0);
  return (x, y) => middle + across * share(x, width) + down * share(y, height);
}

/** The values of the border, which is background. */
function frameOf({ width, height, values }: Plane): Float64Array {
  const frame: number[] = [];
  for (let x = 0; x < width; x += 1) frame.push(values[x] ?? 0, values[(height - 1) * width + x] ?? 0);
  for (let y = 0; y < height; y += 1) frame.push(values[y * width] ?? 0, values[y * width + width - 1] ?? 0);
  return Float64Array.from(frame);
}

const median = (values: Float64Array): number => Float64Array.from(values).sort()[values.length >> 1] ?? 0;

const greatest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);

function bounds({ width, height, values }: Plane): { x: number; y: number; width: number; height: number } | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((values[y * width + x] ?? 0) === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Places the digit on black with its centre of mass in the middle, as far as it fits. */
function place({ width, height, values }: Plane): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    mass += value;
    massX += value * ((i % width) + 0.5);
    massY += value * (Math.floor(i / width) + 0.5);
  }
  const start = (centre: number, length: number) =>
    Math.min(SIZE - length, Math.max(0, Math.round(SIZE / 2 - centre / mass)));
  const [left, top] = [start(massX, width), start(massY, height)];
  const pixels = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < values.length; i += 1) {
    pixels[(top + Math.floor(i / width)) * SIZE + left + (i % width)] = Math.round(values[i] ?? 0);
  }
  return pixels;
}
