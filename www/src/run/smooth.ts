/** Smoothing of a noisy curve. */
import type { Column } from '../columns';

/**
 * Exponential moving average, corrected for its start as Adam corrects its moments: the first point is itself. `weight` of 0 leaves the
 * curve as it is; gaps stay gaps and count for nothing.
 */
export function smoothed(values: Column, weight: number): Column {
  let sum = 0;
  let share = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    share = share * weight + (1 - weight);
    return sum / share;
  });
}
