/**
 * A card in Jupyter and marimo, as a module of anywidget, which loads it from a `blob:` address, without the files beside it. So the
 * element, its workers and its engines are inside this module, unless `base_url` names a folder with them.
 */
import type { Experiment, History } from '../base/engine';
import { FRAME_ATTRIBUTES } from '../embed/attributes';
import type { ConvLabElement, ConvlabEvents } from '../embed/types';

/** The files of the package, compressed, in an order in which each only loads those before it. Written by the package's build. */
declare const CONVLAB_FILES: Readonly<Record<string, string>>;

/** What the module uses of anywidget's model: traitlets by their names. */
export interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, listener: (message: unknown) => void): void;
  off(event: string, listener: (message: unknown) => void): void;
}

const ELEMENT = 'element.js';

const ADDRESS = /new URL\((["'`])\.\/([\w.-]+)\1, ?import\.meta\.url\)/g;

/** Loads the element once for each place that it comes from. */
const loaded = new Map<string, Promise<unknown>>();

function load(base: string): Promise<unknown> {
  const known = loaded.get(base);
  if (known) return known;
  const loading = base
    ? import(/* @vite-ignore */ new URL(ELEMENT, base.endsWith('/') ? base : `${base}/`).href)
    : unpack().then((address) => import(/* @vite-ignore */ address));
  loaded.set(base, loading);
  loading.catch(() => loaded.delete(base));
  return loading;
}

/** The address of the element, after all files have got addresses of their own. */
async function unpack(): Promise<string> {
  const addresses = new Map<string, string>();
  for (const [name, packed] of Object.entries(CONVLAB_FILES)) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const response = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
    const isScript = name.endsWith('.js');
    const content = isScript
      ? (await response.text()).replace(ADDRESS, (whole, _, file: string) => {
          const address = addresses.get(file);
          return address ? JSON.stringify(address) : whole;
        })
      : await response.arrayBuffer();
    const type = isScript ? 'text/javascript' : 'application/wasm';
    addresses.set(name, URL.createObjectURL(new Blob([content], { type })));
  }
  return addresses.get(ELEMENT) ?? '';
}

/**
 * The attributes in the form of HTML; `true` is a flag that is set, `false` one that is not. An experiment is an id, a document's text, or
 * the document itself. What has not changed stays as it is, because the element would begin its experiment anew.
 */
export function setUp(
  lab: Pick<ConvLabElement, 'setAttribute' | 'removeAttribute' | 'spec'>,
  attributes: unknown,
  experiment: unknown,
): void {
  const given = typeof attributes === 'object' && attributes !== null ? Object.entries(attributes) : [];
  const isDocument = typeof experiment === 'object' && experiment !== null;
  const all = new Map<string, unknown>([['compact', true], ...given]);
  if (experiment && !isDocument) all.set('experiment', experiment);
  for (const name of FRAME_ATTRIBUTES) {
    const value = all.get(name);
    if (value === undefined || value === null || value === false) lab.removeAttribute(name);
    else lab.setAttribute(name, value === true ? '' : String(value));
  }
  const spec = isDocument ? (experiment as Experiment) : null;
  if (spec !== lab.spec) lab.spec = spec;
}

async function render({ model, el }: { model: WidgetModel; el: HTMLElement }): Promise<() => void> {
  await load(String(model.get('base_url') ?? ''));
  const lab = document.createElement('conv-lab') as ConvLabElement;
  const put = (values: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const hear = <K extends keyof ConvlabEvents>(type: K, act: (detail: ConvlabEvents[K]) => void | Promise<void>) =>
    lab.addEventListener(type, (event) => {
      // The element may be gone before it has answered.
      void Promise.resolve(act((event as CustomEvent<ConvlabEvents[K]>).detail)).catch(() => undefined);
    });
  hear('convlab-state', ({ state }) => put({ state }));
  hear('convlab-error', ({ message }) => put({ error: message }));
  hear('convlab-epoch', async () => put({ history: plain(await lab.history()) }));
  hear('convlab-done', async ({ accuracy, loss, confusion, guess }) => {
    const [history, weights] = [await lab.history(), await lab.weights()];
    put({
      result: { accuracy, loss, confusion, guess },
      history: plain(history),
      weights: new DataView(weights.buffer, weights.byteOffset, weights.byteLength),
    });
  });

  const shown = (): void => setUp(lab, model.get('attributes'), model.get('experiment'));
  const told = (message: unknown): void => {
    const { type } = (message ?? {}) as { type?: unknown };
    const acts = {
      start: () => lab.start(),
      pause: () => lab.pause(),
      resume: () => lab.resume(),
      stop: () => lab.stop(),
    };
    const act = acts[type as keyof typeof acts];
    act?.().catch((error: unknown) => put({ error: error instanceof Error ? error.message : String(error) }));
  };
  shown();
  model.on('change:attributes', shown);
  model.on('change:experiment', shown);
  model.on('msg:custom', told);
  el.append(lab);
  return () => {
    model.off('change:attributes', shown);
    model.off('change:experiment', shown);
    model.off('msg:custom', told);
    lab.remove();
  };
}

/** Only what JSON has. */
const plain = (history: History): unknown => JSON.parse(JSON.stringify(history));

export default { render };
