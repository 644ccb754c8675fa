/**
 * Starts a module worker, also where its script lies on another origin: a browser refuses to start such a worker, but a worker
 * of this page may import the script if the other site allows it (CORS). The call keeps the form that bundlers look for.
 */
export function spawn(start: (worker: typeof Worker) => Worker): Worker {
  try {
    return start(Worker);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error;
    return start(ImportingWorker as typeof Worker);
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
