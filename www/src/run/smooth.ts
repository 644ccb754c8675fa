/** Smoothing of a noisy curve. */
import type { Column } from '../base/columns';

/**
 * Exponential moving average with Adam's bias correction, so that the first point stays as it is. A `weight` of 0 leaves the
 * curve as it is; gaps stay gaps and are not averaged.
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
