/**
 * The engine in parts. What every run calls is the module itself; the rest is in modules of their own that share its memory: what computes
 * on the GPU and on the CPU, of which a run begins with one, and what is asked for seldom. Whoever knows that a part will be wanted
 * fetches it ahead. Otherwise it is loaded when one of its functions is first called, and the engine waits for that, as only a worker may.
 */

/** In the order of `.ci/wasm-parts.mjs`. */
export const GPU = 0;
export const CPU = 1;
export const DRAWN = 2;
export const LATER = 3;

/** What the engine's script says of them, and asks for. */
export interface PartsOfScript {
  urls: URL[];
  module?: (part: number) => WebAssembly.Module;
}

export class Parts {
  readonly #urls: URL[];
  readonly #modules: (WebAssembly.Module | undefined)[] = [];
  readonly #fetched: (Promise<void> | undefined)[] = [];

  constructor(script: PartsOfScript) {
    this.#urls = script.urls;
    script.module = (part) => (this.#modules[part] ??= new WebAssembly.Module(readNow(this.#url(part))));
  }

  /** Has a part at hand. Where it cannot be fetched, the next call tries again. */
  fetch(part: number): Promise<void> {
    this.#fetched[part] ??= this.#fetch(part).catch((error) => {
      this.#fetched[part] = undefined;
      throw error;
    });
    return this.#fetched[part];
  }

  /** The same where it may as well not come now: it is asked for again when it is called. */
  ahead(part: number): Promise<void> {
    return this.fetch(part).catch(() => undefined);
  }

  has(part: number): boolean {
    return this.#modules[part] !== undefined;
  }

  async #fetch(part: number): Promise<void> {
    if (this.#modules[part]) return;
    const response = await fetch(this.#url(part)).catch(() => undefined);
    if (!response?.ok) throw missing(response?.status);
    // Not compiled while it arrives: that wants a server that knows the type of such a file.
    const module = await WebAssembly.compile(await response.arrayBuffer());
    this.#modules[part] ??= module;
  }

  #url(part: number): URL {
    const url = this.#urls[part];
    if (!url) throw new Error(`The engine has no part ${part}.`);
    return url;
  }
}

const missing = (status = 0) =>
  new Error(
    `A part of the engine could not be fetched (${status ? `the server answered ${status}` : 'no answer'}). Check the connection and try again.`,
  );

function readNow(url: URL): ArrayBuffer {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.responseType = 'arraybuffer';
  try {
    request.send();
  } catch {
    throw missing();
  }
  if (request.status !== 200) throw missing(request.status);
  return request.response as ArrayBuffer;
}
