/** Reads the pixels of an image file, reduced to a useful size. */
import type { Rgba } from './fit';

/** The longest side; the networks' inputs have some dozens of pixels per side. */
const MOST = 512;

/** The member of the worker that reads image files. */
interface Reader {
  imagePixels(name: string, bytes: Uint8Array, size: [height: number, width: number]): Promise<Uint8Array | null>;
}

/**
 * The pixels are those that a data set of the file would have. The reader of data sets drops transparency and does not know every
 * format: an image with transparency, and one that only the browser can read, has the browser's pixels. Throws if the file is no image.
 */
export async function readImage(file: File, reader: Reader): Promise<Rgba> {
  const image = await browserPixels(file);
  if (image.data.some((value, i) => i % 4 === 3 && value < 255)) return image;
  const { width, height } = image;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pixels = await reader.imagePixels(file.name, bytes, [height, width]);
  return pixels ? { width, height, data: opaque(pixels) } : image;
}

async function browserPixels(file: Blob): Promise<Rgba> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MOST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas to read images with.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** Red, green and blue with an opacity of 255. */
function opaque(rgb: Uint8Array): Uint8ClampedArray {
  const data = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let i = 0; i < rgb.length / 3; i += 1) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return data;
}
