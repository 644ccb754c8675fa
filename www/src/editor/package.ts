/** A lesson with all files of the site that it needs, as a zip: for any web server, or for a course system. */
import { strToU8, type Zippable, zipSync } from 'fflate';
import { parseJson } from '../base/json-text';
import { experimentSource } from '../embed/attributes';
import { fetchDocument } from '../embed/load';
import { shortName } from '../lab/download';
import { forStudents } from '../lesson/assigned';
import { addressIn } from '../lesson/card';
import type { Lesson, Part } from '../lesson/document';
import { toMarkdown } from '../lesson/markdown-form';
import { type ScormVersion, scormManifest } from './manifest';
import { EDITOR } from './text';

/** The folder of the site in the zip. */
const SITE = 'convlab/';
/** Addresses in a lesson are relative to this folder of the site, as for the lessons that come with it. */
const FOLDER = `${SITE}lessons/`;
const START = 'index.html';

/** A text in the name of a file: letters and digits. */
export const fileName = ({ id, lesson }: Lesson): string =>
  shortName(
    (id ?? lesson)
      .normalize('NFD')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'lesson',
  );

export async function packedLesson(
  lesson: Lesson,
  site: string,
  scorm: ScormVersion | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const document = `${FOLDER}${fileName(lesson)}.own.md`;
  const files: Zippable = {
    [START]: strToU8(startPage(await text(site, 'lesson.html'), document, lesson, scorm !== null)),
    [document]: strToU8(toMarkdown(await withAssignments(lesson, new URL('lessons/', site).href))),
  };
  for (const name of await siteFiles(site)) {
    // What is compressed already is only stored.
    files[SITE + name] = [await bytes(site, name), { level: /\.(png|jpg|webp|gz|zip)$/.test(name) ? 0 : 6 }];
  }
  if (scorm) {
    const contents = {
      identifier: `convlab-${fileName(lesson)}`,
      title: lesson.lesson,
      start: START,
      files: Object.keys(files),
    };
    files['imsmanifest.xml'] = strToU8(scormManifest(scorm, contents));
  }
  return zipSync(files, { level: 6 });
}

/** The lesson with the documents of its assignments in place of their addresses, since the package holds no other files. */
export async function withAssignments(lesson: Lesson, folder: string): Promise<Lesson> {
  const parts = lesson.parts.map(async (part): Promise<Part> => {
    if (part.type !== 'experiment' || typeof part.assignment !== 'string') return part;
    const source = experimentSource(addressIn(part.assignment, folder));
    if (source.kind !== 'url') return part;
    try {
      const { text } = await fetchDocument('assignment', source.url, [location.origin], async () => false);
      return { ...part, assignment: forStudents(parseJson(text) as Record<string, unknown>) };
    } catch (error) {
      throw new Error(EDITOR.notPacked(part.assignment, error instanceof Error ? error.message : String(error)));
    }
  });
  return { ...lesson, parts: await Promise.all(parts) };
}

/** The page of a lesson, for this one, one folder above the site. */
function startPage(page: string, source: string, { lesson, language }: Lesson, scorm: boolean): string {
  const document = new DOMParser().parseFromString(page.replaceAll('"./', `"./${SITE}`), 'text/html');
  document.title = lesson;
  if (language) document.documentElement.lang = language;
  const element = document.querySelector('conv-lab-lesson');
  element?.setAttribute('data-src', `./${source}`);
  if (scorm) {
    element?.setAttribute('data-scorm', '');
    // A course system has its own navigation, and a link would leave the lesson without ending it.
    document.querySelector('.site')?.remove();
  }
  return `<!doctype html>\n${document.documentElement.outerHTML}\n`;
}

/** The files of the built site. The service worker is not among them: what a course system holds is not to be cached. */
async function siteFiles(site: string): Promise<string[]> {
  try {
    const files: unknown = JSON.parse(await text(site, 'site-files.json'));
    if (Array.isArray(files)) return files.map(String);
  } catch {
    // A message of its own follows.
  }
  throw new Error(EDITOR.notBuilt);
}

async function fetched(site: string, name: string): Promise<Response> {
  try {
    const response = await fetch(new URL(name, site));
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return response;
  } catch (error) {
    throw new Error(EDITOR.missing(name, error instanceof Error ? error.message : String(error)));
  }
}

const text = async (site: string, name: string): Promise<string> => (await fetched(site, name)).text();

const bytes = async (site: string, name: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetched(site, name)).arrayBuffer());
