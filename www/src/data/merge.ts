/** Merged classes: the original classes of each new one, and images of each. */

export interface Group {
  /** The new class's name. */
  name: string;
  /** Indices of the original classes. */
  classes: number[];
  /** Number of training images in all of them. */
  count: number;
}

/** The groups of a data set's classes; null unless they contain each class exactly once. */
export function groupsOf(merge: number[][], names: string[], counts: number[]): Group[] | null {
  const all = merge.flat().sort((a, b) => a - b);
  if (all.length !== names.length || all.some((one, i) => one !== i) || merge.some(({ length }) => length === 0)) {
    return null;
  }
  return merge.map((classes) => ({
    classes,
    name: classes.map((one) => names[one]).join('+'),
    count: classes.reduce((sum, one) => sum + (counts[one] ?? 0), 0),
  }));
}

/** For each class the indices of its first images in a list of labels. */
export function firstOfEach(labels: ArrayLike<number>, classes: number, each: number): number[][] {
  const found: number[][] = Array.from({ length: classes }, () => []);
  for (let i = 0; i < labels.length; i += 1) {
    const list = found[labels[i] ?? -1];
    if (list && list.length < each) list.push(i);
  }
  return found;
}
