/** The next steps that fit a finished run. */
import { integer } from '../base/format';
import { COUNTED } from '../base/text';
import type { Lab } from '../lab/lab';
import { NEXT } from './text';

/** A network that is right less often is better trained for longer. */
const GOOD = 0.95;
/** Steps that are offered. */
const MOST = 3;

export interface Step {
  name: string;
  act: () => unknown;
}

/** The members of the lab that the steps need. */
type Finished = Pick<Lab, 'data' | 'locked' | 'run' | 'runs' | 'set' | 'start' | 'startWithNextSeed'>;

/** At most three, the most fitting first. */
export function stepsAfter(lab: Finished): Step[] {
  const { run, runs, data, locked } = lab;
  const { accuracy = 0 } = run.result ?? {};
  const others = runs.list.length - 1;
  const mistakes: Step = { name: NEXT.mistakes, act: () => lab.set({ tab: 'predictions' }) };
  if (locked) return accuracy < 1 ? [mistakes] : [];
  const epochs = 3 * (run.info?.epochs ?? 1);
  const longer: Step = {
    name: NEXT.longer(integer(epochs)),
    act: () => {
      lab.set({ epochs });
      return lab.start();
    },
  };
  const steps: Step[] = [];
  if (accuracy < 1) steps.push(mistakes);
  if (data.info?.synthetic && data.hasChoice)
    steps.push({ name: NEXT.real, act: () => lab.set({ data: 'official', tab: 'data' }) });
  else if (accuracy < GOOD) steps.push(longer, { name: NEXT.network, act: () => lab.set({ tab: 'model' }) });
  if (others > 0)
    steps.push({ name: NEXT.compare(COUNTED.earlierRuns(others)), act: () => lab.set({ tab: 'compare' }) });
  steps.push({ name: NEXT.seed, act: () => lab.startWithNextSeed() });
  return steps.slice(0, MOST);
}
