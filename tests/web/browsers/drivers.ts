/** The browsers of the tests, each behind the same few functions: open an address, run a function in the page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from 'puppeteer-core';
import { Builder } from 'selenium-webdriver';
import { launchOptions, WEBGPU_FLAGS } from '../browser';

/** A page in a browser of its own, without anything stored from before. */
export interface Tab {
  /** Such as "Firefox 153.8". */
  version: string;
  open(address: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page; it has no access to variables outside, and arguments and result are JSON. */
  run<A extends unknown[], R>(act: (...args: A) => R | Promise<R>, ...args: A): Promise<R>;
  close(): Promise<void>;
}

export interface Browser {
  name: string;
  /** Whether it is started with WebGPU, which runs in software where there is no graphics card. */
  hasGpu: boolean;
  /** Why the browser cannot be started here; null if it can. */
  missing: string | null;
  start(): Promise<Tab>;
}

const which = (name: string): string | undefined => {
  const folders = (process.env.PATH ?? '').split(':');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
};

const without = (name: string, path: string | undefined): string | null => (path ? null : `${name} is not installed`);

/** The longest that a call in the page may take. */
const CALL_MS = 240_000;

async function puppeteer(options: Parameters<typeof launch>[0]): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), 'convlab-browser-'));
  const browser = await launch({ ...options, userDataDir: profile, headless: true, protocolTimeout: CALL_MS });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  return {
    version: (await browser.version()).replace('/', ' '),
    open: async (address) => void (await page.goto(address)),
    reload: async () => void (await page.reload()),
    run: (act, ...args) => page.evaluate(act as never, ...(args as unknown as never[])) as never,
    close: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

const chromiumPath = process.env.CHROME_PATH || which('chromium');
const firefoxPath = process.env.FIREFOX_PATH || which('firefox-esr') || which('firefox');

function chromium(hasGpu: boolean): Browser {
  const { executablePath = '', args = [] } = launchOptions(hasGpu ? WEBGPU_FLAGS : []);
  return {
    name: hasGpu ? 'Chromium with WebGPU' : 'Chromium',
    hasGpu,
    missing: without('Chromium', chromiumPath),
    start: () => puppeteer({ browser: 'chrome', executablePath, args }),
  };
}

function firefox(hasGpu: boolean): Browser {
  const preferences = { 'dom.webgpu.enabled': hasGpu, 'gfx.webgpu.ignore-blocklist': hasGpu };
  return {
    name: hasGpu ? 'Firefox with WebGPU' : 'Firefox',
    hasGpu,
    missing: without('Firefox', firefoxPath),
    start: () => puppeteer({ browser: 'firefox', executablePath: firefoxPath ?? '', extraPrefsFirefox: preferences }),
  };
}

/** WebKitGTK's small browser, which its driver starts. */
function miniBrowser(): string | undefined {
  const parents = [
    '/usr/lib',
    ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`) : []),
  ];
  const folders = ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'];
  return parents.flatMap((parent) => folders.map((folder) => `${parent}/${folder}/MiniBrowser`)).find(existsSync);
}

function webkit(): Browser {
  const [driver, display, binary] = [which('WebKitWebDriver'), which('Xvfb'), miniBrowser()];
  const missing = without('WebKitWebDriver', driver && binary) ?? without('Xvfb', display);
  return { name: 'WebKit', hasGpu: false, missing, start: () => webkitTab(driver ?? '', binary ?? '') };
}

async function webkitTab(driver: string, binary: string): Promise<Tab> {
  const home = mkdtempSync(join(tmpdir(), 'convlab-browser-'));
  const screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x1000x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const number = await firstLine(screen);
  const port = 20_000 + (process.pid % 20_000);
  // Its own group of processes, because the driver leaves its browser behind when it is ended during a session.
  const server = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      DISPLAY: `:${number}`,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CACHE_HOME: home,
      LANG: 'C.UTF-8',
    },
  });
  const close = async (): Promise<void> => {
    for (const child of [server, screen]) {
      if (child === server && child.pid) process.kill(-child.pid);
      else child.kill();
      if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('exit', done));
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    await answers(port);
    const session = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      })
      .build();
    await session.manage().setTimeouts({ script: CALL_MS, pageLoad: 60_000 });
    const version = (await session.getCapabilities()).getBrowserVersion();
    return {
      version: `WebKitGTK ${version || '?'}`,
      open: (address) => session.get(address),
      reload: () => session.navigate().refresh(),
      run: async (act, ...args) => {
        // The last argument of an asynchronous script is the function that takes its result.
        const script = `const all = [...arguments]; const done = all.pop();
          Promise.resolve().then(() => (${act})(...all)).then((value) => done({ value }), (error) => done({ error: String(error?.message ?? error) }));`;
        const { value, error } = (await session.executeAsyncScript(script, ...args)) as {
          value: never;
          error?: string;
        };
        if (error !== undefined) throw new Error(error);
        return value;
      },
      close: async () => {
        await session.quit().catch(() => undefined);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/status`).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver does not answer');
}

export const BROWSERS: Browser[] = [chromium(false), chromium(true), firefox(false), firefox(true), webkit()];
