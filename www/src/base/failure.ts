/** An error in a form that can be sent from the worker to the page. */
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

/** Whether WebAssembly trapped: it ran out of memory, or the engine has a bug. */
export const isCrash = ({ name }: Failure): boolean => name === 'RuntimeError';
