/** The name of a lane's worker tells it which engine to load, because all lanes of a run must use the same one. */
import type { EngineOptions } from './load';

const PREFIX = 'convlab lane';

export const laneName = ({ portable, extended }: EngineOptions): string =>
  [PREFIX, ...(portable ? ['portable'] : []), ...(extended ? ['extended'] : [])].join(', ');

export function laneOptions(name: string): EngineOptions {
  const words = name.split(', ');
  return { portable: words.includes('portable'), extended: words.includes('extended') };
}
