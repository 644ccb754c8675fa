/** Loads the document of an element's attribute, an experiment, an assignment or a lesson; throws an error of one sentence if that fails. */
import { textOf } from '../base/decode';
import type { Experiment } from '../base/engine';
import { quoted } from '../base/format';
import { parseJson } from '../base/json-text';
import { webAddress } from './address';
import type { ExperimentSource } from './attributes';
import { EMBED } from './text';

/** The longest document that is read. Those of the presets have a few thousand bytes. */
const MOST_BYTES = 4 << 20;

const TIMEOUT_MS = 30_000;

/** Addresses of other sites that the student has agreed to, until the page is closed. */
const agreed = new Set<string>();

export type DocumentKind = 'experiment' | 'assignment' | 'lesson';

export async function loadExperiment(
  source: Exclude<ExperimentSource, { kind: 'preset' }>,
  own: string[],
  ask: (address: string) => Promise<boolean>,
): Promise<Experiment> {
  if (source.kind === 'json') return parse(source.text);
  return parse((await fetchDocument('experiment', source.url, own, ask)).text);
}

/**
 * The text of a document and its full address. `own` are addresses of the sites that need no question; `ask` asks the student about
 * an address of another site.
 */
export async function fetchDocument(
  what: DocumentKind,
  url: string,
  own: string[],
  ask: (address: string) => Promise<boolean>,
): Promise<{ text: string; href: string }> {
  const address = webAddress(url);
  if (!address) throw new Error(EMBED.notAddress(what, quoted(url)));
  const { href, origin } = address;
  const isOwn = own.some((site) => URL.canParse(site) && new URL(site).origin === origin);
  if (!isOwn && !agreed.has(href)) {
    if (!(await ask(href))) throw new Error(EMBED.notAgreed(what, quoted(href)));
    agreed.add(href);
  }
  return { text: await read(what, address), href };
}

/** A redirection from this site to another one is not followed, since the student was not asked about that. */
async function read(what: DocumentKind, { href, origin }: URL): Promise<string> {
  const mode = origin === self.origin ? 'same-origin' : 'cors';
  try {
    const response = await fetch(href, { mode, credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return await text(what, response);
  } catch (error) {
    // These are of the network, and each browser has other words for them.
    const isOfNetwork = error instanceof TypeError || error instanceof DOMException;
    const why = isOfNetwork ? EMBED.noAnswer : error instanceof Error ? error.message : String(error);
    throw new Error(EMBED.notFetched(what, quoted(href), why));
  }
}

async function text(what: DocumentKind, { body }: Response): Promise<string> {
  const reader = body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part?.value) return textOf(new Blob(parts));
    bytes += part.value.byteLength;
    if (bytes > MOST_BYTES) {
      await reader?.cancel();
      throw new Error(EMBED.tooLarge(what, MOST_BYTES));
    }
    parts.push(part.value);
  }
}

function parse(text: string): Experiment {
  try {
    return parseJson(text) as Experiment;
  } catch (error) {
    throw new Error(EMBED.notJson(error instanceof Error ? error.message : String(error)));
  }
}
