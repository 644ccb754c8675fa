/** Images of a lesson: read from a file, listed, deleted. */
import { html, nothing } from 'lit';
import { type Images, MOST_IMAGE_BYTES } from '../lesson/document';
import { MOST_CHARACTERS } from '../lesson/read';
import { icons } from '../ui/icons';
import { EDITOR } from './text';

export interface NewImage {
  name: string;
  /** As a `data:` address. */
  content: string;
}

type Kind = 'png' | 'jpeg' | 'webp' | 'gif';

/** What the files of each kind begin with; `null` is any byte. */
const SIGNATURES: Record<Kind, readonly (number | null)[]> = {
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  jpeg: [0xff, 0xd8, 0xff],
  webp: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
  gif: [0x47, 0x49, 0x46, 0x38],
};

/** The kind of an image by its content; a name can be wrong. */
export const kindOfImage = (bytes: Uint8Array): Kind | null =>
  (Object.keys(SIGNATURES) as Kind[]).find((kind) =>
    SIGNATURES[kind].every((byte, i) => byte === null || byte === bytes[i]),
  ) ?? null;

/** Reads an image; fails with one sentence if it cannot be part of the lesson. */
export async function readImage(file: File, images: Images = {}): Promise<NewImage> {
  if (file.size > MOST_IMAGE_BYTES) throw new Error(EDITOR.image.large(file.name));
  const bytes = new Uint8Array(await file.arrayBuffer());
  const kind = kindOfImage(bytes);
  if (!kind) throw new Error(EDITOR.image.kind(file.name));
  const content = `data:image/${kind};base64,${base64(bytes)}`;
  const all = Object.values(images).reduce((sum, { length }) => sum + length, content.length);
  // A tenth is left for the text.
  if (all > 0.9 * MOST_CHARACTERS) throw new Error(EDITOR.image.full(file.name));
  return { name: freeName(file.name, images), content };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** The file's name as a name in a text, which no other image has. */
function freeName(file: string, images: Record<string, string>): string {
  const [, stem = '', ending = ''] = /^(.*?)(\.\w{1,5})?$/s.exec(file) ?? [];
  const plain = stem
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const name = plain || 'image';
  let number = 1;
  const numbered = () => `${number > 1 ? `${name}-${number}` : name}${ending.toLowerCase()}`;
  while (Object.hasOwn(images, numbered())) number += 1;
  return numbered();
}

/** The Markdown that shows an image. */
export const imageText = (name: string): string => `![${EDITOR.image.alt}](${name})`;

/** The images of the lesson, each with a button that deletes it. */
export const imageList = (images: Images, remove: (name: string) => void) =>
  images
    ? html`<div class="wide" role="group" aria-label=${EDITOR.image.title}>
        <span class="small soft">${EDITOR.image.title}</span>
        ${Object.entries(images).map(
          ([name, { length }]) => html`<div class="row">
            <code>${name}</code>
            <span class="small soft">${EDITOR.image.size(Math.ceil((length * 0.75) / 1024))}</span>
            <button
              class="small icon" aria-label=${EDITOR.image.remove(name)} title=${EDITOR.image.remove(name)}
              @click=${() => remove(name)}
            >
              ${icons.trash}
            </button>
          </div>`,
        )}
      </div>`
    : nothing;
