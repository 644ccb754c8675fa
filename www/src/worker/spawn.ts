/**
 * Starts a module worker, also if its script is on another origin. A browser refuses to start such a worker, but a worker of this
 * page may import the script if the other site allows it (CORS). Bundlers recognise a worker by the expression
 * `new Worker(new URL(…))` in `start`, so `start` is called again while `Worker` is replaced by a class that imports the script.
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

/** By then the browser has read the script. */
const READ_MS = 30_000;

class ImportingWorker extends Worker {
  constructor(script: string | URL, options?: WorkerOptions) {
    const source = `import ${JSON.stringify(String(script))};`;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    super(url, options);
    setTimeout(() => URL.revokeObjectURL(url), READ_MS);
  }
}
