/** For tests of the editor: a lesson, what it saves, web servers of these files, and a course system with a kept SCORM run-time. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Download, type Frame, type Page } from '@playwright/test';
import { strToU8 } from 'fflate';
import { launchOptions } from './browser';
import { expect, type LabPage } from './fixtures';
import { TYPES } from './server';

export const LESSON = {
  lesson: 'Week 3 <b>&</b> "more"',
  id: 'week-3',
  parts: [
    { type: 'text', text: '## Start\n\nSome text. [The lab](../index.html)' },
    { type: 'question', id: 'chance', text: 'What accuracy does guessing have?', answer: 10, tolerance: 0.5 },
    { type: 'question', id: 'pick', text: 'Which?', choices: ['The seed', 'The images'], answer: 'The seed' },
    { type: 'question', id: 'why', text: 'Why?' },
    {
      type: 'experiment',
      id: 'run',
      experiment: 'mnist-10',
      data: 'synthetic',
      epochs: 1,
      train: 200,
      test: 50,
      engine: 'cpu',
    },
  ],
};

/** NET I as a student writes it. */
export const NET_1 = `from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential()
model.add(layers.Conv2D(32, (3, 3), activation='relu', input_shape=(32, 32, 3)))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Flatten())
model.add(layers.Dense(512, activation='relu'))
model.add(layers.Dense(10, activation='softmax'))
`;

export const saved = async (file: Download): Promise<Uint8Array> => new Uint8Array(readFileSync(await file.path()));

export async function openEditor(lab: LabPage, page: Page, lesson?: object): Promise<void> {
  await page.goto(`${lab.site.url}lesson-editor.html`);
  await expect(page.locator('lesson-editor lesson-view')).toBeVisible();
  if (!lesson) return;
  const file = { name: 'week.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(lesson)) };
  await page.locator('input#file').setInputFiles(file);
  await expect(page.getByText('Opened: ')).toBeVisible();
}

export async function save(page: Page, name: string): Promise<{ name: string; bytes: Uint8Array }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: await saved(file) };
}

export type Functions = Record<string, ((...values: string[]) => string) | undefined>;
export type Files = Record<string, Uint8Array>;

export const prefixed = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [folder + name, bytes]));

/** The page of a course system: the run-time, the lesson in a frame, and what an earlier session has suspended. */
export function courseSystem(version: '1.2' | '2004'): Files {
  const [file, made, api] =
    version === '1.2' ? ['scorm12', 'Scorm12API', 'API'] : ['scorm2004', 'Scorm2004API', 'API_1484_11'];
  const runtime = new URL(`../../node_modules/scorm-again/dist/${file}.min.js`, import.meta.url);
  const script = `
    window.problems = [];
    const begin = (earlier) => {
      const api = new ${made}({ autocommit: false, logLevel: 5 });
      if (earlier) api.loadFromJSON(earlier, '');
      window.${api} = api;
      const set = ${version === '1.2' ? "'LMSSetValue'" : "'SetValue'"};
      const original = api[set];
      api[set] = (name, value) => {
        const result = original.call(api, name, value);
        if (String(result) !== 'true') window.problems.push(name + ' = ' + value + ': ' + (api.LMSGetLastError ?? api.GetLastError).call(api));
        return result;
      };
      const frame = document.createElement('iframe');
      frame.src = 'sco/index.html'; frame.title = 'Lesson'; frame.width = '100%'; frame.height = 700;
      document.body.append(frame);
    };
    window.begin = begin;
    window.kept = () => {
      const { cmi } = window.${api}.renderCMIToJSONObject();
      return cmi;
    };
    begin(null);`;
  return {
    'lms.html': strToU8(
      '<!doctype html><title>Course</title><body><script src="runtime.js"></script><script src="lms.js"></script></body>',
    ),
    'lms.js': strToU8(script),
    'runtime.js': new Uint8Array(readFileSync(runtime)),
  };
}

export const framed = (url: string) =>
  `<!doctype html><title>School</title><iframe title="Course system" src="${url}" width="1000" height="800"></iframe>`;

export const systemFrame = (page: Page): Frame => {
  const frame = page.frames().find((one) => one.url().endsWith('lms.html'));
  if (!frame) throw new Error('no course system');
  return frame;
};

export async function scoOf(page: Page): Promise<Frame> {
  const find = () => page.frames().find((one) => one.url().includes('/sco/') && !one.isDetached());
  await expect.poll(() => find() !== undefined).toBe(true);
  const frame = find() as Frame;
  await expect(frame.locator('lesson-view')).toBeVisible();
  return frame;
}

export const value = (page: Page, name: string): Promise<string> =>
  systemFrame(page).evaluate((name) => {
    const { API, API_1484_11: api2004 } = window as unknown as Record<'API' | 'API_1484_11', Functions | undefined>;
    return (API?.LMSGetValue ?? api2004?.GetValue)?.call(API ?? api2004, name) ?? '';
  }, name);

/** Removes the lesson's frame, which ends its session, and begins the next one with what the run-time holds. */
export async function leaveAndReturn(page: Page): Promise<void> {
  const system = systemFrame(page);
  await system.evaluate(async () => {
    const { kept, begin } = window as unknown as { kept: () => unknown; begin: (earlier: unknown) => void };
    document.querySelector('iframe')?.remove();
    await new Promise((done) => setTimeout(done, 300));
    begin(structuredClone(kept()));
  });
}

export interface Served {
  url: string;
  missing: string[];
  close(): Promise<void>;
}

/** A plain web server of these files, by their names without a query. */
export async function serveFiles(files: Files, host = 'localhost'): Promise<Served> {
  const missing: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname.slice(1)) || 'index.html';
    const found = files[path];
    if (!found) {
      const isIcon = path === 'favicon.ico';
      if (!isIcon) missing.push(path);
      response.writeHead(isIcon ? 204 : 404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(found);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    missing,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** A browser whose settings block cookies and storage of other sites than that of the window. */
export async function withoutThirdPartyStorage() {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-profile-'));
  const settings = { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } };
  mkdirSync(join(folder, 'Default'));
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(settings));
  // Without this, Chromium gives each frame of another site a storage of its own, where others give none.
  const flags = ['--disable-features=ThirdPartyStoragePartitioning'];
  const context = await chromium.launchPersistentContext(folder, launchOptions(flags));
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
