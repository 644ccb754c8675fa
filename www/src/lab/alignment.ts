/** Aligns two lists by their longest common subsequence; the other items were removed or added. */

/** An index in the first list and one in the second; null for an item without a partner. */
export type Pair = [from: number, to: number] | [from: number, to: null] | [from: null, to: number];

export function alignment(a: string[], b: string[]): Pair[] {
  const width = b.length + 1;
  /** Length of the longest common subsequence of the rests of both lists, by the indices where they start. */
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([i++, j++]);
    else if (j === b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) pairs.push([i++, null]);
    else pairs.push([null, j++]);
  }
  return pairs;
}
