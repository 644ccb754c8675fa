/** Fetches data files, with progress, and explains a failure in one sentence. */
import type { Progress } from './protocol';

export function fileNameOf(url: string): string {
  const path = new URL(url).pathname;
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)) || 'download';
}

export async function fetchFile(url: string, onProgress: (progress: Progress) => void): Promise<Blob> {
  const file = fileNameOf(url);
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(
      `${url} could not be fetched. The address may be wrong, the network down, or the other site may not allow pages to read its files (CORS).`,
    );
  }
  if (!response.ok) throw new Error(`${url} could not be fetched. Received: HTTP status ${response.status}.`);
  const total = Number(response.headers.get('Content-Length') ?? 0);
  if (!response.body) return response.blob();
  const parts: BlobPart[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (;;) {
    const chunk = await reader.read();
    if (chunk.done) return new Blob(parts);
    parts.push(chunk.value as Uint8Array<ArrayBuffer>);
    done += chunk.value.byteLength;
    onProgress({ phase: 'fetch', file, done, total });
  }
}

/** The site's own data files, by data set: `data/index.json`, addresses relative to the page. */
export async function siteFiles(base: string): Promise<Record<string, string[]>> {
  // Outside its own site, as an element of another page, the lab has no data folder.
  if (base === '') return {};
  const response = await fetch(new URL('data/index.json', base)).catch(() => null);
  if (!response?.ok) return {};
  const index: unknown = await response.json().catch(() => null);
  if (typeof index !== 'object' || index === null) return {};
  const sets: Record<string, string[]> = {};
  for (const [name, files] of Object.entries(index)) {
    if (Array.isArray(files)) sets[name] = files.map((file) => new URL(String(file), base).href);
  }
  return sets;
}
