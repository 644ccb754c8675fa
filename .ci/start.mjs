// `npm start`: set-up, engine, page, and a server. `--dev` serves the sources and reloads the page when they change. `--build-only`
// writes the static site to www/dist and ends. `--port N` is the first port that is tried.
import { join } from 'node:path';
import { buildWasm } from './build-wasm.mjs';
import { fail, root } from './lib.mjs';
import { setUp } from './setup.mjs';

const args = process.argv.slice(2);
const port = Number(args[args.indexOf('--port') + 1] || process.env.PORT) || undefined;

try {
  setUp();
  await buildWasm();
  await page();
} catch (error) {
  fail(error);
}

async function page() {
  // Imported after set-up, which installs Vite.
  const vite = await import('vite');
  const config = { root: join(root, 'www'), logLevel: 'warn' };
  if (args.includes('--dev')) {
    const server = await vite.createServer({ ...config, server: { port } });
    await server.listen();
    return announce(server);
  }
  const started = performance.now();
  console.log('\nPage → www/dist');
  await vite.build(config);
  console.log(`  ✓ built (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (!args.includes('--build-only')) announce(await vite.preview({ ...config, preview: { port } }));
}

/** Prints the address. Vite uses the next free port if the wanted one is in use. */
function announce(server) {
  const [address] = server.resolvedUrls.local;
  console.log(`\nConvlab is at ${address}\nPress Ctrl+C to stop the server.`);
}
