/** Which engine a run begins on, and the code of it at hand. */
import type { EngineChoice, Experiment } from '../engine';
import { CPU, GPU, LATER, type Parts } from './parts';
import type { GpuProbe } from './protocol';

/** What a session is asked to compute with; whether there is a graphics card, is known here. */
export type UsedEngine = Exclude<EngineChoice, 'auto'> | 'gpu-first' | 'cpu-first';

/** The CPU, for a run that began on the graphics card unmeasured. */
export interface Rival {
  /** Whether all is there by now that finds out if it is faster. */
  ready(): boolean;
  won(): void;
}

/** An adapter in software is the CPU by a longer way: it is used where it is asked for. */
export const isCard = (gpu: GpuProbe): boolean => gpu.state === 'ready' && !gpu.software;

export class Chooser {
  /** Networks at which the CPU has beaten the graphics card. */
  readonly #beaten = new Set<string>();

  constructor(
    private readonly hasCard: boolean,
    private readonly parts: Parts,
  ) {}

  async use(choice: EngineChoice, experiment?: Experiment): Promise<UsedEngine> {
    const beaten = !this.hasCard || (experiment !== undefined && this.#beaten.has(workOf(experiment)));
    const use = choice !== 'auto' ? choice : beaten ? 'cpu-first' : 'gpu-first';
    await this.parts.fetch(use === 'cpu' || use === 'cpu-first' ? CPU : GPU);
    return use;
  }

  /** Where it wins, the next run of this network begins on it. */
  rival(experiment: Experiment): Rival {
    return {
      ready: () => this.parts.has(CPU) && this.parts.has(LATER),
      won: () => this.#beaten.add(workOf(experiment)),
    };
  }
}

/** What the cost of a step depends on. */
const workOf = ({ input_shape, layers, batch_size }: Experiment): string =>
  JSON.stringify([input_shape, layers, batch_size]);
