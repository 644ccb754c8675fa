/** A value of one of the images of a mosaic, and the way to the next one by the arrow keys. */

export interface Picked {
  map: number;
  y: number;
  x: number;
}

/** How the images of a mosaic lie: `across` of them in a row. */
export interface Tiles {
  size: readonly [height: number, width: number];
  count: number;
  across: number;
}

/** Rows down and columns to the right, by the name of the key. */
export const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The next value; past the edge of an image that of the image beside it, and at the edge of the mosaic the same value. */
export function moved(from: Picked, [down, right]: readonly [number, number], { size, count, across }: Tiles): Picked {
  const [height, width] = size;
  const row = Math.floor(from.map / across) * height + from.y + down;
  const column = (from.map % across) * width + from.x + right;
  const map = Math.floor(row / height) * across + Math.floor(column / width);
  const isThere = row >= 0 && column >= 0 && column < across * width && map < count;
  return isThere ? { map, y: row % height, x: column % width } : from;
}
