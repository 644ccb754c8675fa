/** Reads the pixels of an image file, reduced to a useful size. */
import type { Rgba } from './fit';

/** The longest side; the networks' inputs have some dozens of pixels per side. */
const MOST = 512;

/** Throws if the browser cannot read the file as an image. */
export async function readImage(file: Blob): Promise<Rgba> {
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
