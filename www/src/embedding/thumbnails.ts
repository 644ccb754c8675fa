/** Images of a data set as bitmaps that a canvas draws quickly. */
export function thumbnailsOf(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  count: number,
): Promise<ImageBitmap[]> {
  const size = height * width * channels;
  return Promise.all(
    Array.from({ length: count }, (_, at) => {
      const image = new ImageData(width, height);
      for (let i = 0; i < height * width; i += 1) {
        for (let c = 0; c < 3; c += 1)
          image.data[4 * i + c] = pixels[at * size + channels * i + Math.min(c, channels - 1)] ?? 0;
        image.data[4 * i + 3] = 255;
      }
      return createImageBitmap(image);
    }),
  );
}
