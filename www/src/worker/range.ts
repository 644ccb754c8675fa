/** The learning-rate range test: trains one step at each of a rising series of rates, as `convlab range` does. */
import type {
  Engine,
  EngineDataset,
  EngineSession,
  Experiment,
  LanePool,
  RangeTest,
  StepEvent,
  Tools,
} from '../base/engine';

export interface Range {
  low: number;
  high: number;
  steps: number;
}

export interface RangeCurve {
  rates: number[];
  losses: number[];
  found: RangeTest;
}

export type OnLoss = (curve: RangeCurve) => void;

/** The loss is reported after so many steps. */
const EVERY = 5;

export async function trainRange(
  engine: Engine,
  tools: Tools,
  experiment: Experiment,
  dataset: EngineDataset,
  lanes: LanePool,
  { low, high, steps }: Range,
  onLoss: OnLoss,
): Promise<RangeCurve> {
  const rates = [...tools.range_rates(low, high, steps)];
  const losses: number[] = [];
  const read = (): RangeCurve => ({
    rates,
    losses,
    found: tools.range_test(Float64Array.from(rates), Float64Array.from(losses)),
  });
  const tested = tools.range_experiment(experiment);
  const session = await engine.Session.create(tested, dataset, { engine: 'cpu' }, lanes);
  const ofSteps = new tools.StepLosses(tested, session.info().train_samples);
  try {
    for (const rate of rates) {
      session.set_learning_rate(rate);
      const { step_in_epoch, loss } = await step(session);
      losses.push(ofSteps.of_step(step_in_epoch, loss));
      if (losses.length % EVERY !== 0) continue;
      const curve = read();
      onLoss(curve);
      if (curve.found.diverged) break;
    }
  } catch (error) {
    // A loss that is no number ends the test; the rates before it count.
    if (!(error instanceof Error && 'kind' in error && error.kind === 'diverged' && losses.length > 0)) throw error;
  } finally {
    session.free();
    ofSteps.free();
  }
  return read();
}

async function step(session: EngineSession): Promise<StepEvent> {
  for (;;) {
    for (const event of await session.advance(0)) if (event.event === 'step') return event;
  }
}
