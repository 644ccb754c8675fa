/**
 * A drawn or photographed digit in the format of MNIST: white ink on black, scaled into a box of 20 × 20, and placed so that its
 * centre of mass is the middle of 28 × 28 (LeCun, Cortes and Burges).
 */
import { grey, type Plane, type Rgba, resample } from './fit';

const SIZE = 28;
const BOX = 20;

/** Values below this share of the brightest ink are background. */
const PAPER = 0.12;

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

/** White ink on black: the image is inverted if its border, which is background, is bright. */
function inkOf({ width, height, values }: Plane): Plane {
  const frame: number[] = [];
  for (let x = 0; x < width; x += 1) frame.push(values[x] ?? 0, values[(height - 1) * width + x] ?? 0);
  for (let y = 0; y < height; y += 1) frame.push(values[y * width] ?? 0, values[y * width + width - 1] ?? 0);
  frame.sort((a, b) => a - b);
  const paper = frame[frame.length >> 1] ?? 0;
  const ink = values.map((value) => (paper > 127 ? paper - value : value - paper));
  const most = ink.reduce((a, b) => Math.max(a, b), 0);
  // Only noise, so there is no ink.
  if (most < 16) return { width, height, values: new Float64Array(values.length) };
  return { width, height, values: ink.map((value) => (value < PAPER * most ? 0 : (value / most) * 255)) };
}

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
