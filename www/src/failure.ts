/** What went wrong, in a form that survives the way from the worker to the page. */
export interface Failure {
  name: string;
  message: string;
}

export function failureOf(error: unknown): Failure {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: '', message: String(error) };
}

/** WebAssembly stopped in the middle of something: out of memory, or a fault of the engine's own. */
export const isCrash = ({ name }: Failure): boolean => name === 'RuntimeError';
