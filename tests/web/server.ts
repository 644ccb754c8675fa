/**
 * Serves the built site as a course's static host would: below a sub-path, with only the content security policy as an additional
 * header. Each server may carry extra files (a data folder, say) and a second server acts as another site.
 */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = resolve(fileURLToPath(import.meta.url), '../../../www/dist');
const SUB_PATH = '/course/week-3/';

export const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' http: https:";

/** A file by its path below the site: its bytes, or the path of a file on disk. */
export type Extra = Map<string, Buffer | string>;

export interface Site {
  url: string;
  /** The requested paths, in order. */
  requests: string[];
  /** Files that replace the built ones, for example of a later deploy. */
  extra: Extra;
  /** Files that are missing on the host. */
  missing: RegExp | null;
  close(): Promise<void>;
}

export async function serveSite(extra: Extra = new Map(), { crossOrigin = false } = {}): Promise<Site> {
  if (!existsSync(join(DIST, 'index.html')))
    throw new Error('www/dist is missing. Build the site first: npm run build');
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.startsWith(SUB_PATH) ? decodeURIComponent(pathname.slice(SUB_PATH.length)) : null;
    requests.push(path ?? pathname);
    const isMissing = path === null || site.missing?.test(path);
    const found = isMissing ? undefined : find(path || 'index.html', extra);
    if (found === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Not found</title>');
      return;
    }
    const headers: Record<string, string | number> = {
      'Content-Type': TYPES[extname(path || 'index.html')] ?? 'application/octet-stream',
      'Content-Security-Policy': POLICY,
      'Content-Length': typeof found === 'string' ? statSync(found).size : found.length,
    };
    if (crossOrigin) headers['Access-Control-Allow-Origin'] = '*';
    response.writeHead(200, headers);
    if (typeof found === 'string') createReadStream(found).pipe(response);
    else response.end(found);
  });
  const port = await listen(server);
  const site: Site = {
    url: `http://localhost:${port}${SUB_PATH}`,
    requests,
    extra,
    missing: null,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return site;
}

function find(path: string, extra: Extra): Buffer | string | undefined {
  const own = extra.get(path);
  if (own !== undefined) return own;
  const file = normalize(join(DIST, path));
  if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) return undefined;
  return readFileSync(file);
}

function listen(server: Server): Promise<number> {
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}
