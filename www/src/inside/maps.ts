/** A layer's output as the maps to draw: one per channel, or one strip of values for a flat output. */

export interface Maps {
  height: number;
  width: number;
  /** One map per channel, up to the requested number. */
  maps: Float32Array[];
  channels: number;
  /** The largest absolute value, to which colours are scaled. */
  most: number;
  /** Whether there are values below zero. */
  signed: boolean;
}

/** Values per row of a flat output. */
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

/** Splits the engine's concatenated outputs by the shapes of the layers. */
export function byLayer(values: Float32Array, shapes: number[][]): Float32Array[] {
  let from = 0;
  return shapes.map((shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    from += length;
    return values.subarray(from - length, from);
  });
}
