/** The language of a page of this site: that of its address, the kept choice, or the browser's first that there is. */
import { known } from './language';

const KEY = 'convlab.language';

/** Keeps a choice for the next visit. */
export function keepLanguage(code: string): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // The choice applies without being stored.
  }
}

function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** Sets the language of `<html>`. That of the address is kept, since the lab writes its own address, unless the page is a frame. */
export function chooseLanguage(keeps: boolean): void {
  const asked = known(new URLSearchParams(location.search).get('lang') ?? '');
  if (asked && keeps) keepLanguage(asked);
  document.documentElement.lang = [asked, kept(), ...navigator.languages].map(known).find(Boolean) ?? 'en';
}
