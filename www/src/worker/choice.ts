/** Chooses the engine on which a run starts. */
import type { EngineChoice, Experiment } from '../base/engine';
import type { GpuProbe } from './protocol';

/**
 * The engine option of a session. `auto` is replaced by `gpu-first` or `cpu-first`, because the session cannot know whether there is a
 * graphics card.
 */
export type UsedEngine = Exclude<EngineChoice, 'auto'> | 'gpu-first' | 'cpu-first';

/** A software adapter runs on the CPU, more slowly than the CPU engine, so it is used only if the user selects the GPU. */
export const isCard = (gpu: GpuProbe): boolean => gpu.state === 'ready' && !gpu.software;

export class Chooser {
  /** Networks that the CPU engine has trained faster than the graphics card. */
  readonly #fasterOnCpu = new Set<string>();

  constructor(private readonly hasCard: boolean) {}

  use(choice: EngineChoice, experiment: Experiment): UsedEngine {
    if (choice !== 'auto') return choice;
    return !this.hasCard || this.#fasterOnCpu.has(workOf(experiment)) ? 'cpu-first' : 'gpu-first';
  }

  /** Records that the CPU engine trains this network faster: its next run starts there. */
  cpuIsFaster(experiment: Experiment): void {
    this.#fasterOnCpu.add(workOf(experiment));
  }
}

/** The parts of an experiment that determine the cost of a step. */
const workOf = ({ input_shape, layers, batch_size }: Experiment): string =>
  JSON.stringify([input_shape, layers, batch_size]);
