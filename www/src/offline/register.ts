/**
 * Registers the service worker that caches the site, so that it opens offline after the first visit (over https or localhost).
 */
export function offline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // After the page has loaded its own files. If registration fails, the site still works online.
  const register = () =>
    void navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
