/** Compares runs: differences between their experiments, and groups of runs that differ in their seeds only. */
import type { Column } from '../base/columns';
import type { Experiment, HistoryEpoch, LayerSpec } from '../base/engine';
import { alignment } from '../lab/alignment';
import { runName, type SavedRun } from '../lab/saved-run';
import { COMPARE } from './text';

/** Runs that differ in their seeds only; without grouping, one run. */
export interface Group {
  runs: [SavedRun, ...SavedRun[]];
}

/** Keys that do not change what is computed, and the seed. */
const NAMES = ['name', 'title', 'text', 'seed'];

export function groupBySeed(runs: SavedRun[]): Group[] {
  const groups = new Map<string, Group>();
  for (const run of runs) {
    const key = canonical(without(run.experiment, NAMES));
    const group = groups.get(key);
    if (group) group.runs.push(run);
    else groups.set(key, { runs: [run] });
  }
  return [...groups.values()];
}

/** A short name of a group. */
export function groupName({ runs }: Group): string {
  const [first] = runs;
  const { seed } = first;
  return `${runName(first)}, ${runs.length > 1 ? COMPARE.seedsOf(runs.length) : COMPARE.seedOf(seed)}`;
}

/** A value as text that does not depend on the order of its keys; null counts as absent. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${canonical(item)}`)
    .join(',')}}`;
}

const without = (experiment: Experiment, keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(experiment).filter(([key]) => !keys.includes(key)));

/** One row of the table: the path of an option and its value in each run. */
export interface Difference {
  path: string;
  values: string[];
}

/** The options, without the layers, that are not the same in all experiments. */
export function differences(experiments: Experiment[]): Difference[] {
  const flat = experiments.map((experiment) => {
    const options = new Map<string, string>();
    flatten('', without(experiment, ['name', 'title', 'text', 'layers']), options);
    return options;
  });
  const paths = [...new Set(flat.flatMap((options) => [...options.keys()]))];
  return paths
    .map((path) => ({ path, values: flat.map((options) => options.get(path) ?? '') }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** Flattens an object to paths of options; lists are not flattened. */
function flatten(path: string, value: unknown, into: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
    into.set(path, Array.isArray(value) ? listText(value) : String(value));
    return;
  }
  for (const [key, item] of Object.entries(value)) flatten(path ? `${path}.${key}` : key, item, into);
}

const listText = (list: unknown[]): string => list.map(itemText).join('; ') || 'none';

function itemText(item: unknown): string {
  if (Array.isArray(item)) return item.map(itemText).join(' ');
  return typeof item === 'object' && item !== null ? optionsText(item) : String(item);
}

function optionsText(value: object): string {
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return entries
    .map(([key, item]) =>
      key === 'type' ? String(item) : `${key} ${typeof item === 'object' ? JSON.stringify(item) : item}`,
    )
    .join(' ');
}

/** A layer as one line: `conv2d 32 3×3 relu`. */
export function layerText(layer: LayerSpec): string {
  const { type, filters, units, rate, kernel_size, pool_size, activation, ...rest } = layer;
  const size = (value: unknown) =>
    Array.isArray(value) ? value.join('×') : value === undefined ? null : `${value}×${value}`;
  const parts = [type, filters, units, rate, size(kernel_size), size(pool_size), activation];
  const main = parts.filter((part) => part !== undefined && part !== null).join(' ');
  const more = optionsText(
    Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'name' && key !== 'inputs')),
  );
  return more ? `${main} ${more}` : main;
}

export interface LayerChange {
  kind: 'added' | 'removed';
  text: string;
}

/** The layers to add and remove to get from one list to another, by their longest common subsequence. */
export function layerChanges(from: LayerSpec[], to: LayerSpec[]): LayerChange[] {
  const [a, b] = [from.map(layerText), to.map(layerText)];
  return alignment(a, b).flatMap(([i, j]): LayerChange[] => {
    if (i === null) return [{ kind: 'added', text: b[j] ?? '' }];
    return j === null ? [{ kind: 'removed', text: a[i] ?? '' }] : [];
  });
}

export type EpochMetric = 'loss' | 'accuracy' | 'val_loss' | 'val_accuracy';

export interface MeanCurve {
  x: number[];
  mean: Column;
  low: Column;
  high: Column;
}

/** The mean over runs for each epoch, with minimum and maximum; epochs that only some runs have are left out. */
export function meanCurve(runs: HistoryEpoch[][], metric: EpochMetric): MeanCurve {
  const [first = [], ...others] = runs;
  // Of a large run the page does not hold every epoch.
  const byEpoch = others.map((epochs) => new Map(epochs.map((row) => [row.epoch, row])));
  const curve: MeanCurve = { x: [], mean: [], low: [], high: [] };
  for (const row of first) {
    const rows = [row, ...byEpoch.map((epochs) => epochs.get(row.epoch))].filter((one) => one !== undefined);
    if (rows.length < runs.length) continue;
    const values = rows.map((one) => one[metric]).filter((value) => value !== undefined);
    const complete = values.length === runs.length && values.every(Number.isFinite);
    curve.x.push(row.epoch);
    curve.mean.push(complete ? values.reduce((sum, value) => sum + value, 0) / values.length : null);
    curve.low.push(complete ? Math.min(...values) : null);
    curve.high.push(complete ? Math.max(...values) : null);
  }
  return curve;
}
