/** After the first visit the site opens without a network: a service worker keeps its files. Browsers allow that over https only. */
export function offline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // What the page itself needs comes first. Where the browser refuses, the site is as good as before, online.
  const register = () =>
    void navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
