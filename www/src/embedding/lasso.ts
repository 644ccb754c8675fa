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

/** The nearest point from another one in a direction, at most 45 degrees beside it; the same point if there is none. */
export function neighbour(from: number, [dx, dy]: Place, places: readonly Place[]): number {
  const [x, y] = places[from] ?? [0, 0];
  let [best, least] = [from, Number.POSITIVE_INFINITY];
  for (const [i, [px, py]] of places.entries()) {
    const along = (px - x) * dx + (py - y) * dy;
    const beside = Math.abs((px - x) * dy - (py - y) * dx);
    const distance = Math.hypot(px - x, py - y);
    if (along > 0 && beside <= along && distance < least) [best, least] = [i, distance];
  }
  return best;
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
