/** Which engine a run begins on. */
import type { EngineChoice, Experiment } from '../base/engine';
import type { GpuProbe } from './protocol';

/** What a session is asked to compute with; whether there is a graphics card, is known here. */
export type UsedEngine = Exclude<EngineChoice, 'auto'> | 'gpu-first' | 'cpu-first';

/** An adapter in software is the CPU by a longer way: it is used where it is asked for. */
export const isCard = (gpu: GpuProbe): boolean => gpu.state === 'ready' && !gpu.software;

export class Chooser {
  /** Networks at which the CPU has beaten the graphics card. */
  readonly #beaten = new Set<string>();

  constructor(private readonly hasCard: boolean) {}

  use(choice: EngineChoice, experiment: Experiment): UsedEngine {
    if (choice !== 'auto') return choice;
    return !this.hasCard || this.#beaten.has(workOf(experiment)) ? 'cpu-first' : 'gpu-first';
  }

  /** The CPU has beaten the graphics card at this network: its next run begins there. */
  cpuWon(experiment: Experiment): void {
    this.#beaten.add(workOf(experiment));
  }
}

/** What the cost of a step depends on. */
const workOf = ({ input_shape, layers, batch_size }: Experiment): string =>
  JSON.stringify([input_shape, layers, batch_size]);
