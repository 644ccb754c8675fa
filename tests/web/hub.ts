/** A server that behaves as Hugging Face's Hub does, with small files of the same layout. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const hubFile = (set: string, split: string): Buffer =>
  readFileSync(new URL(`../golden/tables/${set}/${split}-00000-of-00001.parquet`, import.meta.url));

export interface Hub {
  url: string;
  requests: string[];
  /** Sends the first half of each file and then nothing. */
  stalls: boolean;
  close(): Promise<void>;
}

/** A site that behaves as the Hub does: a redirect to its storage, which allows plain GET from any page and nothing else. */
export async function serveHub(): Promise<Hub> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(`${request.method} ${path}${request.headers.range ? ' with a range' : ''}`);
    if (request.method !== 'GET' || request.headers.range) return void response.writeHead(403).end();
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (path.startsWith('/resolve/')) {
      return void response.writeHead(302, { Location: path.replace('/resolve/', '/storage/') }).end();
    }
    const [, set = '', split = ''] = path.match(/^\/storage\/(\w+)\/(train|test)-/) ?? [];
    if (!set) return void response.writeHead(404).end();
    const bytes = hubFile(set, split);
    response.writeHead(200, { 'Content-Length': bytes.length });
    if (hub.stalls) response.write(bytes.subarray(0, bytes.length / 2));
    else response.end(bytes);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const hub: Hub = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    stalls: false,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return hub;
}
