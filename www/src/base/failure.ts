/** An error in a form that can be sent from the worker to the page. */
export interface Failure {
  name: string;
  message: string;
  /** The layer at fault, where there is one. */
  layer?: string;
  /** The kind of an engine's error (`Error::kind` in src/base/error.rs). */
  kind?: string;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: '', message: String(error) };
  const { name, message } = error;
  const { layer, kind } = error as { layer?: unknown; kind?: unknown };
  return {
    name,
    message,
    ...(typeof layer === 'string' && { layer }),
    ...(typeof kind === 'string' && { kind }),
  };
}

/** Whether WebAssembly trapped: it ran out of memory, or the engine has a bug. */
export const isCrash = ({ name }: Failure): boolean => name === 'RuntimeError';
