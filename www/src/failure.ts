/** What went wrong, in a form that survives the way from the worker to the page. */
export interface Failure {
  name: string;
  message: string;
  /** The layer at fault, where there is one. */
  layer?: string;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: '', message: String(error) };
  const { name, message } = error;
  const { layer } = error as { layer?: unknown };
  return typeof layer === 'string' ? { name, message, layer } : { name, message };
}

/** WebAssembly stopped in the middle of something: out of memory, or a fault of the engine's own. */
export const isCrash = ({ name }: Failure): boolean => name === 'RuntimeError';
