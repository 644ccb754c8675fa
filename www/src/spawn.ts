/**
 * Starts a module worker, also where its script lies on another origin: a browser refuses to start such a worker, but a worker
 * of this page may import the script if the other site allows it (CORS). `start` makes its worker in the words by which bundlers know
 * one, so it is asked again, with another class of that name for as long as it takes.
 */
export function spawn(start: () => Worker): Worker {
  try {
    return start();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error;
  }
  const own = globalThis.Worker;
  globalThis.Worker = ImportingWorker;
  try {
    return start();
  } finally {
    globalThis.Worker = own;
  }
}

/** Long enough for any browser to have begun reading. */
const READ_MS = 30_000;

class ImportingWorker extends Worker {
  constructor(script: string | URL, options?: WorkerOptions) {
    const source = `import ${JSON.stringify(String(script))};`;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    super(url, options);
    setTimeout(() => URL.revokeObjectURL(url), READ_MS);
  }
}
