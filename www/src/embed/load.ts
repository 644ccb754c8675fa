/** Loads the experiment of an element's attribute; throws an error of one sentence if that fails. */
import type { Experiment } from '../base/engine';
import { parseJson } from '../base/json-text';
import type { ExperimentSource } from './attributes';
import { EMBED } from './text';

export async function loadExperiment(source: Exclude<ExperimentSource, { kind: 'preset' }>): Promise<Experiment> {
  return parse(source.kind === 'json' ? source.text : await read(source.url));
}

async function read(url: string): Promise<string> {
  const address = new URL(url, document.baseURI).href;
  const response = await fetch(address).catch((error: unknown) => {
    throw new Error(EMBED.notFetched(address, error instanceof Error ? error.message : String(error)));
  });
  if (!response.ok) throw new Error(EMBED.notFetched(address, `HTTP status ${response.status}`));
  return response.text();
}

function parse(text: string): Experiment {
  try {
    return parseJson(text) as Experiment;
  } catch (error) {
    throw new Error(EMBED.notJson(error instanceof Error ? error.message : String(error)));
  }
}
