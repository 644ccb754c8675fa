/** Images that are turned into bitmaps in one go, so that the page answers between them. */
const AT_ONCE = 200;

/** Images of a data set as bitmaps that a canvas draws quickly. */
export async function thumbnailsOf(
  pixels: Uint8Array,
  shape: readonly [number, number, number],
  count: number,
): Promise<ImageBitmap[]> {
  const all: ImageBitmap[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => bitmapOf(pixels, shape, from + i));
    all.push(...(await Promise.all(some)));
  }
  return all;
}

function bitmapOf(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  at: number,
): Promise<ImageBitmap> {
  const image = new ImageData(width, height);
  const from = at * height * width * channels;
  for (let i = 0; i < height * width; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = pixels[from + channels * i + Math.min(c, channels - 1)] ?? 0;
    image.data[4 * i + 3] = 255;
  }
  return createImageBitmap(image);
}
