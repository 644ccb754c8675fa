/** A layer's output cut into the pieces that are drawn: an image a channel, or one strip of values. */

export interface Maps {
  height: number;
  width: number;
  /** One a channel; not more than were asked for. */
  maps: Float32Array[];
  channels: number;
  /** The largest size of a value, to which colours are scaled. */
  most: number;
  /** True where there are values below zero. */
  signed: boolean;
}

/** Values of a flat output in a row. */
const ROW = 64;

export function mapsOf(values: Float32Array, shape: number[], atMost = Number.POSITIVE_INFINITY): Maps {
  let [most, signed] = [0, false];
  for (const value of values) {
    most = Math.max(most, Math.abs(value));
    signed ||= value < 0;
  }
  if (shape.length === 1) {
    const width = Math.min(ROW, values.length);
    const height = Math.ceil(values.length / width);
    const map = new Float32Array(width * height).fill(Number.NaN);
    map.set(values);
    return { height, width, maps: [map], channels: 1, most, signed };
  }
  const [height = 1, width = 1, channels = 1] = shape;
  const maps = Array.from({ length: Math.min(channels, atMost) }, (_, channel) =>
    Float32Array.from({ length: height * width }, (_, i) => values[i * channels + channel] ?? 0),
  );
  return { height, width, maps, channels, most, signed };
}

/** Cuts what the engine gives, one layer after another, by the layers' shapes. */
export function byLayer(values: Float32Array, shapes: number[][]): Float32Array[] {
  let from = 0;
  return shapes.map((shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    from += length;
    return values.subarray(from - length, from);
  });
}
