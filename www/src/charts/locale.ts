/**
 * Imported before uPlot. While that is loaded, it makes a formatter for the browser's language, which throws if that is no language,
 * such as "C" in a bare Linux environment. It then finds English there; every number on the charts has this page's own format anyway.
 */

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

if (!isLanguage(navigator.language)) {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  // Modules that are loaded together are evaluated without a pause, so uPlot has read it by then.
  queueMicrotask(() => Reflect.deleteProperty(navigator, 'language'));
}
