/** Converts any image to a network's input: cropped to its proportions, scaled to its size, grey for one channel. */

/** Canvas pixels: four bytes each, red, green, blue and alpha. */
export interface Rgba {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export type Shape = readonly [height: number, width: number, channels: number];

/** One value per pixel, 0 to 255. */
export interface Plane {
  width: number;
  height: number;
  values: Float64Array;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The largest centred crop of an image with the shape's proportions, scaled to the shape's size. */
export function fitted(image: Rgba, [height, width, channels]: Shape): Uint8Array {
  const scale = Math.min(image.width / width, image.height / height);
  const box = { width: width * scale, height: height * scale, x: 0, y: 0 };
  box.x = (image.width - box.width) / 2;
  box.y = (image.height - box.height) / 2;
  const ground = groundOf(image);
  const planes = channels === 1 ? [grey(image)] : [0, 1, 2].map((channel) => plane(image, channel, ground));
  const scaled = planes.map((one) => resample(one, box, width, height).values);
  const pixels = new Uint8Array(height * width * channels);
  for (let i = 0; i < height * width; i += 1) {
    for (let c = 0; c < channels; c += 1)
      pixels[channels * i + c] = Math.round(scaled[Math.min(c, scaled.length - 1)]?.[i] ?? 0);
  }
  return pixels;
}

/** The brightness of each pixel; transparent pixels are over the ground that contrasts with the others. */
export function grey(image: Rgba): Plane {
  const ground = groundOf(image);
  const planes = [0, 1, 2].map((channel) => plane(image, channel, ground).values);
  const [r, g, b] = planes as [Float64Array, Float64Array, Float64Array];
  const values = r.map((red, i) => brightness(red, g[i] ?? 0, b[i] ?? 0));
  return { width: image.width, height: image.height, values };
}

const brightness = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue;

/** The ground below transparent pixels: black if what is not transparent is bright on average, otherwise white. */
function groundOf({ data }: Rgba): number {
  let [sum, opacity] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] ?? 0;
    sum += alpha * brightness(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0);
    opacity += alpha;
  }
  return opacity > 0 && sum / opacity > 127 ? 0 : 255;
}

function plane({ width, height, data }: Rgba, channel: number, ground: number): Plane {
  const values = new Float64Array(width * height);
  for (let i = 0; i < values.length; i += 1) {
    const opacity = (data[4 * i + 3] ?? 0) / 255;
    values[i] = (data[4 * i + channel] ?? 0) * opacity + ground * (1 - opacity);
  }
  return { width, height, values };
}

/** Resamples a part of a plane: each new pixel is the mean of the area it covers. */
export function resample(source: Plane, box: Box, width: number, height: number): Plane {
  const across = shares(box.x, box.width, source.width, width);
  const down = shares(box.y, box.height, source.height, height);
  const values = new Float64Array(width * height);
  for (const [y, rows] of down.entries()) {
    for (const [x, columns] of across.entries()) {
      let sum = 0;
      for (const [row, rowShare] of rows) {
        for (const [column, share] of columns) {
          sum += (source.values[row * source.width + column] ?? 0) * rowShare * share;
        }
      }
      values[y * width + x] = sum;
    }
  }
  return { width, height, values };
}

/** For each new pixel of an axis, the old pixels it covers and their weights, which add up to one. */
function shares(from: number, length: number, limit: number, count: number): [at: number, share: number][][] {
  const step = length / count;
  return Array.from({ length: count }, (_, i) => {
    const [start, end] = [from + i * step, from + (i + 1) * step];
    const list: [number, number][] = [];
    for (let at = Math.floor(start); at < end && at < limit; at += 1) {
      const share = (Math.min(end, at + 1) - Math.max(start, at)) / step;
      if (at >= 0 && share > 0) list.push([at, share]);
    }
    return list;
  });
}
