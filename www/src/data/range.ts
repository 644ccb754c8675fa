/** Statistics of pixel values, from the count of each value from 0 to 255. */

export interface Range {
  least: number;
  most: number;
  mean: number;
  deviation: number;
}

export function rangeOf(counts: ArrayLike<number>): Range {
  let [total, sum, squares, least, most] = [0, 0, 0, 255, 0];
  for (let value = 0; value < counts.length; value += 1) {
    const count = counts[value] ?? 0;
    if (count === 0) continue;
    total += count;
    sum += count * value;
    squares += count * value * value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = sum / (total || 1);
  return { least, most, mean, deviation: Math.sqrt(Math.max(0, squares / (total || 1) - mean * mean)) };
}

/** The counts summed up in equal bins. */
export function inParts(counts: ArrayLike<number>, parts: number): number[] {
  const width = counts.length / parts;
  return Array.from({ length: parts }, (_, part) => {
    let sum = 0;
    for (let i = part * width; i < (part + 1) * width; i += 1) sum += counts[i] ?? 0;
    return sum;
  });
}
