/** The module of what does not train: cost sheets, reports, scripts. Loaded when something of it is asked for, and then kept. */
import type { Tools } from '../base/engine';

export class ToolBox {
  #tools: Promise<Tools> | null = null;

  get(): Promise<Tools> {
    this.#tools ??= load().catch((error: unknown) => {
      // Without a connection, for example: the next question tries again.
      this.#tools = null;
      throw error;
    });
    return this.#tools;
  }
}

async function load(): Promise<Tools> {
  const module = await import('../../pkg-tools/convlab.js');
  await module.default();
  return module as Tools;
}
