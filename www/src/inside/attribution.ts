/** Maps of what a prediction depends on: saliency, Grad-CAM, occlusion; and adversarial noise. Pure functions of values. */

type Shape = readonly [height: number, width: number, channels: number];

/** For each pixel the largest absolute gradient over its channels (Simonyan, Vedaldi and Zisserman, 2013). */
export function saliency(gradient: Float32Array, [height, width, channels]: Shape): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) => {
    let most = 0;
    for (let c = 0; c < channels; c += 1) most = Math.max(most, Math.abs(gradient[i * channels + c] ?? 0));
    return most;
  });
}

/** The feature maps weighted by their mean gradients; what is below zero is left out (Selvaraju et al., 2017). */
export function gradCam(maps: Float32Array, gradient: Float32Array, [height, width, channels]: Shape): Float32Array {
  const pixels = height * width;
  const weights = Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < pixels; i += 1) sum += gradient[i * channels + c] ?? 0;
    return sum / pixels;
  });
  return Float32Array.from({ length: pixels }, (_, i) => {
    const sum = weights.reduce((total, weight, c) => total + weight * (maps[i * channels + c] ?? 0), 0);
    return Math.max(0, sum);
  });
}

/** A small map at the size of the image, by linear interpolation between the centres of its cells. */
export function enlarged(map: Float32Array, from: [number, number], to: [number, number]): Float32Array {
  const place = (at: number, axis: 0 | 1) => {
    const exact = ((at + 0.5) * from[axis]) / to[axis] - 0.5;
    const low = Math.min(Math.max(0, Math.floor(exact)), from[axis] - 1);
    return { low, high: Math.min(low + 1, from[axis] - 1), share: Math.min(1, Math.max(0, exact - low)) };
  };
  const value = (y: number, x: number) => map[y * from[1] + x] ?? 0;
  return Float32Array.from({ length: to[0] * to[1] }, (_, i) => {
    const [y, x] = [place(Math.floor(i / to[1]), 0), place(i % to[1], 1)];
    const across = (row: number) => value(row, x.low) * (1 - x.share) + value(row, x.high) * x.share;
    return across(y.low) * (1 - y.share) + across(y.high) * y.share;
  });
}

/** Covered squares: their size, and how far they move. */
export interface Cover {
  size: number;
  step: number;
  rows: number;
  columns: number;
}

/** Squares of about a fifth of the image that move by half their size. */
export function coverOf([height, width]: Shape): Cover {
  const size = Math.max(1, Math.round(Math.min(height, width) / 5));
  const step = Math.max(1, Math.floor(size / 2));
  return { size, step, rows: Math.ceil(height / step), columns: Math.ceil(width / step) };
}

/** The image once for each place of the square, which is filled with grey. */
export function covered(pixels: Uint8Array, shape: Shape, { size, step, rows, columns }: Cover): Uint8Array {
  const [height, width, channels] = shape;
  const all = new Uint8Array(rows * columns * pixels.length);
  for (let place = 0; place < rows * columns; place += 1) {
    const image = all.subarray(place * pixels.length, (place + 1) * pixels.length);
    image.set(pixels);
    // Centred on the cell that the map has for it.
    const middle = (at: number) => Math.round((at + 0.5) * step - size / 2);
    const [top, left] = [middle(Math.floor(place / columns)), middle(place % columns)];
    for (let y = Math.max(0, top); y < Math.min(height, top + size); y += 1) {
      const from = Math.max(0, left);
      const to = Math.min(width, left + size);
      image.fill(128, (y * width + from) * channels, (y * width + Math.max(from, to)) * channels);
    }
  }
  return all;
}

/** How far the probability falls at each place of the square; what rises is left out. */
export const fallen = (probability: number, at: readonly number[]): Float32Array =>
  Float32Array.from(at, (one) => Math.max(0, probability - one));

/** The image moved by `amount` of 255 along the sign of the gradient (Goodfellow, Shlens and Szegedy, 2014). */
export function attacked(pixels: Uint8Array, gradient: Float32Array, amount: number): Uint8Array {
  return Uint8Array.from(pixels, (pixel, i) =>
    Math.min(255, Math.max(0, pixel + amount * Math.sign(gradient[i] ?? 0))),
  );
}
