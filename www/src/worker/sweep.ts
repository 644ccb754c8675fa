/** What came of a sweep's run. */
import type { SweepOutcome, SweepPlan } from '../base/engine';
import { failureOf } from '../base/failure';
import type { Run } from './run';

/** The outcome of a run that has ended; null if it was interrupted. The checkpoint of an ended run is not needed any more. */
export async function sweepOutcome(
  plan: SweepPlan,
  number: number,
  run: Run,
  forget: () => Promise<unknown>,
): Promise<SweepOutcome | null> {
  const history = await run.use((session) => session.history());
  await run.released;
  const { done, hopeless, error } = run;
  if (error !== null && !isDivergence(error)) throw error;
  if (!done && !hopeless && error === null) return null;
  await forget().catch(() => undefined);
  if (done) return plan.outcome(number, history, done, 'finished', undefined);
  if (hopeless) return plan.outcome(number, history, null, 'stopped', undefined);
  return plan.outcome(number, history, null, 'diverged', failureOf(error).message);
}

/** The loss or a weight became NaN or infinite (`Error::kind` in src/base/error.rs). */
const isDivergence = (error: unknown): boolean =>
  error instanceof Error && 'kind' in error && error.kind === 'diverged';
