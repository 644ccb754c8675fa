/** The student's own experiments in IndexedDB, where they survive a reload. */
import type { Experiment } from '../base/engine';
import { objectStore } from '../base/object-store';

/** An experiment that the student has saved. */
export interface OwnExperiment {
  id: string;
  name: string;
  /** The preset from which it was made. */
  preset: string;
  experiment: Experiment;
  /** Milliseconds since 1970. */
  savedAt: number;
}

const transact = objectStore('convlab-experiments', 'experiments', 'id');

export const allExperiments = (): Promise<OwnExperiment[]> => transact('readonly', (store) => store.getAll());

export async function putExperiment(own: OwnExperiment): Promise<void> {
  await transact('readwrite', (store) => store.put(own));
}

export async function deleteExperiment(id: string): Promise<void> {
  await transact('readwrite', (store) => store.delete(id));
}
