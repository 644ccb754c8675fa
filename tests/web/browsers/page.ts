/** What the tests do in the page, the same in every browser: elements are found through all shadow roots. */
import { groupOf, type Tab as View, viewsOf } from '../../../www/src/base/settings';
import type { Tab } from './drivers';

/** The functions that `install` adds to the page. */
interface Helpers {
  all(selector: string): HTMLElement[];
  /** The text of an element with those in its shadow root. */
  text(element: Node): string;
  /** The first element, with this text if one is given. Fails after a while. */
  find(selector: string, text?: string, ms?: number): Promise<HTMLElement>;
  click(selector: string, text?: string): Promise<void>;
  until<T>(what: string, get: () => T | Promise<T>, ms?: number): Promise<NonNullable<T>>;
  /** The name and the size of the next downloaded file. */
  download(click: () => Promise<unknown>): Promise<{ name: string; bytes: number }>;
  /** Drops files on an element, as a mouse would. */
  drop(selector: string, files: File[]): Promise<void>;
}

declare global {
  var helpers: Helpers;
}

/** Opens an address, and waits until a lab can start. */
export async function openLab(tab: Tab, address: string): Promise<void> {
  await tab.open(address);
  await install(tab);
  await tab.run(() => helpers.find('lab-run-bar button.primary:not([disabled])', 'Start', 60_000).then(() => null));
}

/** Shows a view: first its group, then its tab, which a group of one view lacks. */
export async function show(tab: Tab, view: View): Promise<void> {
  const group = groupOf(view);
  const alone = viewsOf(group).length === 1;
  await tab.run(
    async (group: string, view: string, alone: boolean) => {
      await helpers.click(`#group-${group}`);
      if (!alone) await helpers.click(`#tab-${view}`);
      return null;
    },
    group,
    view,
    alone,
  );
}

/** Starts a run from the page's button, and waits for its end. Returns the rows of its table and the row of facts. */
export async function train(tab: Tab): Promise<{ epochs: string[][]; facts: string; speed: string }> {
  await show(tab, 'run');
  return tab.run(async () => {
    await helpers.click('lab-run-bar button.primary', 'Start');
    await helpers.until('the run', () =>
      helpers.all('lab-run-bar .state').find((one) => one.textContent === 'Training'),
    );
    await helpers.until(
      'the end of the run',
      () => {
        const errors = helpers.all('lab-messages .message.error p').map((one) => one.textContent);
        if (errors.length > 0) throw new Error(errors.join(' '));
        return helpers.all('lab-run-bar .state').find((one) => one.textContent === 'Finished');
      },
      180_000,
    );
    const rows = helpers.all('.epochs tbody tr').map((row) => [...row.children].map((cell) => cell.textContent ?? ''));
    const tile = helpers.all('.tile').find((one) => one.textContent?.includes('Images/s'));
    return {
      epochs: rows,
      facts: helpers
        .all('dl.facts')
        .map((one) => one.textContent)
        .join(' '),
      speed: tile?.querySelector('dd')?.textContent ?? '',
    };
  });
}

export async function install(tab: Tab): Promise<void> {
  await tab.run(() => {
    /** WebKit interprets a module at first, so its first steps take many times as long as the later ones. */
    const PATIENCE_MS = 90_000;
    const every = (root: ParentNode): HTMLElement[] =>
      [...root.querySelectorAll<HTMLElement>('*')].flatMap((one) => [
        one,
        ...(one.shadowRoot ? every(one.shadowRoot) : []),
      ]);
    const all = (selector: string): HTMLElement[] => {
      // The last compound selector may be in another shadow root than the ones before.
      const parts = selector.split(' ');
      const last = parts.pop() ?? '';
      const within = (one: Element, names: string[]): boolean => {
        if (names.length === 0) return true;
        const rest = names.slice(0, -1);
        for (let at: Node | null = one; at; ) {
          const up: Node | null = at.parentNode ?? null;
          at = up instanceof ShadowRoot ? up.host : up;
          if (at instanceof Element && at.matches(names.at(-1) ?? '') && within(at, rest)) return true;
        }
        return false;
      };
      return every(document).filter((one) => one.matches(last) && within(one, parts));
    };
    const text = (node: Node): string => {
      if (node instanceof Text) return node.data;
      if (node instanceof HTMLStyleElement) return '';
      const below = [...(node instanceof Element ? (node.shadowRoot?.childNodes ?? []) : []), ...node.childNodes];
      return below.map(text).join('');
    };
    const until: Helpers['until'] = async (what, get, ms = PATIENCE_MS) => {
      const end = performance.now() + ms;
      for (;;) {
        const value = await get();
        if (value) return value;
        if (performance.now() > end) {
          const shown = ['lab-run-bar .state', 'lab-run-bar .figures', 'lab-messages .message'].flatMap(all);
          throw new Error(`${what} did not come within ${ms / 1000} s; the page shows: ${shown.map(text).join('; ')}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const find: Helpers['find'] = (selector, wanted = '', ms = PATIENCE_MS) =>
      until(`${selector} “${wanted}”`, () => all(selector).find((one) => helpers.text(one).includes(wanted)), ms);
    // The page's policy forbids fetching the address of a blob.
    const blobs = new Map<string, Blob>();
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob: Blob) => {
      const address = createObjectURL(blob);
      blobs.set(address, blob);
      return address;
    };
    globalThis.helpers = {
      all,
      text,
      until,
      find,
      click: async (selector, text) => (await find(selector, text)).click(),
      download: async (click) => {
        const { click: original } = HTMLAnchorElement.prototype;
        let came: { name: string; bytes: number } | null = null;
        HTMLAnchorElement.prototype.click = function () {
          came = { name: this.download, bytes: blobs.get(this.href)?.size ?? 0 };
        };
        try {
          await click();
          return await until('the file', () => came);
        } finally {
          HTMLAnchorElement.prototype.click = original;
        }
      },
      drop: async (selector, files) => {
        const target = await find(selector);
        const dataTransfer = new DataTransfer();
        for (const file of files) dataTransfer.items.add(file);
        for (const type of ['dragover', 'drop']) {
          target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
        }
      },
    };
    return null;
  });
}
