/** Fetches data files, with progress, and explains a failure in one sentence. */
import { checkSize } from '../base/bytes';
import { failureOf } from '../base/failure';
import type { Progress, SiteData, Source } from './protocol';

export function fileNameOf(url: string): string {
  const path = new URL(url).pathname;
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name) || 'download';
  } catch {
    // A percent sign that begins no escape is part of the name.
    return name;
  }
}

/** A file of at most `most` bytes. */
export async function fetchFile(
  url: string,
  most: number,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | null = null,
): Promise<Blob> {
  const file = fileNameOf(url);
  let response: Response;
  try {
    response = await fetch(url, { signal });
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
  await checkDownload(url, total, most, reader);
  for (;;) {
    const chunk = await reader.read().catch(() => {
      throw new Error(`${url} ended after ${done} bytes: the connection broke off. Try again.`);
    });
    if (chunk.done) return new Blob(parts);
    parts.push(chunk.value as Uint8Array<ArrayBuffer>);
    done += chunk.value.byteLength;
    await checkDownload(url, done, most, reader);
    onProgress({ phase: 'fetch', file, done, total });
  }
}

/** Ends a download that is too large by what the server says, or by what has come. */
async function checkDownload(
  url: string,
  size: number,
  most: number,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<void> {
  try {
    checkSize(size, most);
  } catch (error) {
    // The connection may have ended by itself meanwhile.
    await reader.cancel().catch(() => undefined);
    throw new Error(`${url}: ${failureOf(error).message}. Give the address of a data file.`);
  }
}

/** The file, if it has this SHA-256 sum. Pages that are not served securely cannot compute it, and take the file as it is. */
export async function verified(url: string, file: Blob, sha256: string): Promise<Blob> {
  if (!globalThis.crypto?.subtle) return file;
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const hex = Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex === sha256) return file;
  throw new Error(`${url} is not the expected file. Received: ${file.size} bytes with the SHA-256 sum ${hex}.`);
}

/**
 * The site's own data: `data/index.json`. A list holds the site's own files, with addresses relative to the page; an object in
 * "sources" holds the files of another place, for example of a school's server.
 */
export async function siteData(base: string): Promise<SiteData> {
  const found: SiteData = { files: {}, sources: {} };
  // Outside its own site, as an element of another page, the lab has no data folder.
  if (base === '') return found;
  const response = await fetch(new URL('data/index.json', base)).catch(() => null);
  if (!response?.ok) return found;
  const index: unknown = await response.json().catch(() => null);
  if (typeof index !== 'object' || index === null) return found;
  const { sources, ...sets } = index as Record<string, unknown>;
  for (const [name, files] of Object.entries(sets)) {
    if (Array.isArray(files)) found.files[name] = files.map((file) => new URL(String(file), base).href);
  }
  for (const [name, list] of Object.entries(sources ?? {})) {
    if (Array.isArray(list)) found.sources[name] = list.flatMap((source) => sourceIn(source, base));
  }
  return found;
}

/** A source as an index lists it; none if it lists no files. */
function sourceIn(source: unknown, base: string): Source[] {
  const { bytes, files } = (source ?? {}) as { bytes?: unknown; files?: unknown };
  if (!Array.isArray(files)) return [];
  const read = files.flatMap((file: unknown) => {
    const { url, sha256 } = (typeof file === 'string' ? { url: file } : (file ?? {})) as {
      url?: unknown;
      sha256?: unknown;
    };
    if (typeof url !== 'string' || !URL.canParse(url, base)) return [];
    return [{ url: new URL(url, base).href, ...(typeof sha256 === 'string' && { sha256 }) }];
  });
  return read.length > 0 ? [{ files: read, ...(typeof bytes === 'number' && { bytes }) }] : [];
}
