/** Imported first by the pages of this site: their language, and the written texts in it. */
import { direction, phrase } from '../base/localized';
import { chooseLanguage } from '../locales/choice';
import { languageFor } from '../locales/language';

chooseLanguage(true);

/** Awaited by what shows texts. Null if nothing has to be awaited. */
export const ready = languageFor(document.documentElement)?.then(translate) ?? null;

/** Replaces the sentences of the page's own HTML that the catalogue has. */
function translate(): void {
  document.documentElement.dir = direction();
  document.title = phrase(document.title);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode as Text;
    const [, before = '', text = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(node.data) ?? [];
    const translated = phrase(text.replace(/\s+/g, ' '));
    if (translated !== text) node.data = before + translated + after;
  }
  for (const element of document.querySelectorAll('[aria-label]')) {
    element.setAttribute('aria-label', phrase(element.getAttribute('aria-label') ?? ''));
  }
}
