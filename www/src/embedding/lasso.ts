/** Points inside a drawn line. */

export type Place = readonly [x: number, y: number];

/** Whether a point lies inside a closed line: a ray from it crosses the line an odd number of times. */
export function isInside([x, y]: Place, line: readonly Place[]): boolean {
  let inside = false;
  for (const [i, [x1, y1]] of line.entries()) {
    const [x2, y2] = line[(i + 1) % line.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside;
  }
  return inside;
}

/** The index of the nearest point within a distance; -1 if there is none. */
export function nearest([x, y]: Place, places: readonly Place[], within: number): number {
  let [best, least] = [-1, within * within];
  for (const [i, [px, py]] of places.entries()) {
    const distance = (px - x) ** 2 + (py - y) ** 2;
    if (distance <= least) [best, least] = [i, distance];
  }
  return best;
}
