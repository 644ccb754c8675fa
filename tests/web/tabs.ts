/**
 * A browser with ordinary tabs: one is in front and the others are hidden and do not render. Playwright keeps all of its
 * pages active, so this browser is controlled directly, by the DevTools protocol over a pipe.
 */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { launchOptions } from './browser';

export interface Tab {
  evaluate(expression: string): Promise<unknown>;
}

export interface Tabs {
  /** Opens a tab in front of the others. */
  open(url: string): Promise<Tab>;
  close(): Promise<void>;
}

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/**
 * `profile` is the folder for the browser's files. It is not deleted, because child processes write into it for seconds after the
 * browser has ended.
 */
export async function openTabs(profile: string): Promise<Tabs> {
  const own = ['--headless=new', '--remote-debugging-pipe', '--no-first-run', `--user-data-dir=${profile}`];
  const { executablePath = '', args = [] } = launchOptions(own);
  const browser = spawn(executablePath, [...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => browser.once('exit', () => done()));
  const send = protocol(browser.stdio[3] as Writable, browser.stdio[4] as Readable);
  return {
    async open(url) {
      const { targetId } = await send('Target.createTarget', { url });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return {
        async evaluate(expression) {
          const options = { expression, awaitPromise: true, returnByValue: true };
          const { result } = await send('Runtime.evaluate', options, String(sessionId));
          return (result as { value?: unknown }).value;
        },
      };
    },
    async close() {
      browser.kill();
      await ended;
    },
  };
}

/** Messages are JSON, each followed by a zero byte. */
function protocol(to: Writable, from: Readable) {
  const waiting = new Map<number, (answer: Answer) => void>();
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop() ?? '';
    for (const answer of messages.map((text): Answer => JSON.parse(text))) {
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    }
  });
  let last = 0;
  return (method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, ({ result, error }) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      to.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
}
