/**
 * Which language is shown: that of the nearest `lang` attribute, which the pages of this site set from the address, the kept choice
 * or the browser. All elements of a document share one language, that of the first: their texts are the same objects.
 */
import { LitElement } from 'lit';
import { type Catalogue, speak } from '../base/localized';

/** The languages, by the names that their readers give them. English is written in the code itself. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' };

const CATALOGUES: Record<string, () => Promise<Catalogue>> = {
  de: async () => (await import('./de')).german,
};

/** `de` of `de-AT`; empty for a language that there is not. */
export const known = (tag: string): string => {
  const code = tag.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(LANGUAGES, code) ? code : '';
};

let loading: Promise<void> | null | undefined;

/** Loads the language of an element's surroundings. Null if nothing has to be awaited. */
export function languageFor(element: Element): Promise<void> | null {
  if (loading === undefined) {
    const code = known(element.closest<HTMLElement>('[lang]')?.lang || navigator.language);
    const load = CATALOGUES[code];
    loading = null;
    if (load) {
      const done = () => {
        loading = null;
      };
      // Without the catalogue, for example offline, the texts are English.
      loading = load().then(speak).then(done, done);
    }
  }
  return loading;
}

/** An element that appears once its language is there. */
export abstract class LocalizedElement extends LitElement {
  protected override scheduleUpdate() {
    const wait = languageFor(this);
    return wait ? wait.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }
}
