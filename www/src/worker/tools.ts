/** The module of what does not train: cost sheets, reports, scripts. Loaded when something of it is asked for, and then kept. */
import type { Tools } from '../base/engine';

export class ToolBox {
  #tools: Promise<Tools> | null = null;

  get(): Promise<Tools> {
    this.#tools ??= load();
    return this.#tools;
  }
}

async function load(): Promise<Tools> {
  const module = await import('../../pkg-tools/convlab.js');
  await module.default();
  return module as Tools;
}
