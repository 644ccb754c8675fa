/**
 * The service worker, which makes the site work offline. It caches all files at the first visit. Pages and other files without a
 * hash in their name come from the network if possible, so that a new deploy is visible at the next load. Files with a hash in
 * their name never change, so they come from the cache. The build fills in the manifest.
 */
const { version, files, engines } = __MANIFEST__;
const PREFIX = `convlab ${registration.scope} `;
const CACHE = PREFIX + version;

/** A module with `f32x4.relaxed_madd`, the same test as in src/worker/build.ts. */
const RELAXED = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65,
  0, 253, 15, 253, 133, 2, 11,
]);

const usedEngines = () => engines[WebAssembly.validate(RELAXED) ? 'relaxed-simd' : 'simd128'];
const address = (name) => new URL(name, registration.scope).href;

async function cacheAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...files, ...usedEngines()].map((name) => new Request(address(name), { cache: 'no-cache' })));
  await skipWaiting();
}

/** Deletes old caches except that of the previous deploy, because a page that is still open may need its files. */
async function deleteOldCaches() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
}

async function cached(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? caches.match(request, { ignoreSearch: true });
}

async function networkFirst(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const url = new URL(request.url);
    const page = url.pathname.endsWith('/')
      ? address(`${url.pathname.slice(new URL(registration.scope).pathname.length)}index.html`)
      : url.href;
    const copy = await cached(page);
    if (copy) return copy;
    throw error;
  }
}

async function cacheFirst(request) {
  const copy = await cached(request.url);
  if (copy) return copy;
  const response = await fetch(request);
  // For example the other build of the engine, if a lab needs it.
  if (response.ok) await (await caches.open(CACHE)).put(request.url, response.clone());
  return response;
}

addEventListener('install', (event) => event.waitUntil(cacheAll()));
addEventListener('activate', (event) => event.waitUntil(deleteOldCaches()));
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return;
  const path = request.url.slice(registration.scope.length);
  // Data sets are large, and the lab stores them itself.
  if (path.startsWith('data/') && !path.startsWith('data/index.json')) return;
  event.respondWith(path.startsWith('assets/') ? cacheFirst(request) : networkFirst(request));
});
