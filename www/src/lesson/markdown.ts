/**
 * Markdown of a lesson as HTML. markdown-it escapes all HTML in the text, and leaves the text of a link with another address than
 * one of the web as it is, so the result is safe to show.
 */
import MarkdownIt from 'markdown-it';
import { IMAGE, type Images } from './document';
import { LESSON } from './text';

const renderer = new MarkdownIt('default', { html: false, linkify: false, typographer: false });

const WEB = /^https?:\/\//i;

/** Relative addresses and those of the web and of mail; no `data:` address is one, whatever it holds. */
renderer.validateLink = (address) =>
  WEB.test(address) || /^mailto:/i.test(address) || !/^[\s\p{C}]*[a-z][a-z0-9+.-]*:/iu.test(address);

const { rules } = renderer.renderer;

// A lesson's title is the heading of the first level.
for (const rule of ['heading_open', 'heading_close']) {
  rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    if (token) token.tag = `h${Math.max(2, Number(token.tag.slice(1)))}`;
    return self.renderToken(tokens, index, options);
  };
}

rules.link_open = (tokens, index, options, env, self) => {
  const token = tokens[index];
  const href = String(token?.attrGet('href') ?? '');
  token?.attrSet('href', resolved(href, env));
  if (WEB.test(href)) {
    token?.attrSet('target', '_blank');
    token?.attrSet('rel', 'noopener');
  }
  return self.renderToken(tokens, index, options);
};

const image = rules.image;
rules.image = (tokens, index, options, env, self) => {
  const token = tokens[index];
  const src = String(token?.attrGet('src') ?? '');
  token?.attrSet('src', ownImage(src, env) ?? resolved(src, env));
  token?.attrSet('loading', 'lazy');
  return image?.(tokens, index, options, env, self) ?? '';
};

// Columns are aligned by a class, because the page's policy allows no style attributes.
for (const rule of ['th_open', 'td_open']) {
  rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const side = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
    if (token?.attrs) token.attrs = token.attrs.filter(([name]) => name !== 'style');
    if (side) token?.attrSet('class', side);
    if (rule === 'th_open') token?.attrSet('scope', 'col');
    return self.renderToken(tokens, index, options);
  };
}
rules.table_open = () => `<div class="wide" tabindex="0" role="group" aria-label="${LESSON.table}"><table>`;
rules.table_close = () => '</table></div>';
rules.fence = (tokens, index) => preformatted(tokens[index]?.content ?? '');
rules.code_block = rules.fence;

const preformatted = (text: string) =>
  `<pre tabindex="0" role="group" aria-label="${LESSON.code}"><code>${renderer.utils.escapeHtml(text)}</code></pre>`;

/** An address relative to the lesson's. Those of places in the same document stay. */
function resolved(address: string, env: object = {}): string {
  const { base } = env as { base?: unknown };
  if (typeof base !== 'string' || address.startsWith('#') || !URL.canParse(address, base)) return address;
  return new URL(address, base).href;
}

/** Addresses of the lessons' own images in this page. */
const shown = new Map<string, string>();

/** The address of an image that the lesson itself holds, by its name; the page's policy shows `blob:` images, but no `data:` ones. */
function ownImage(name: string, env: object = {}): string | null {
  const { images } = env as { images?: Images };
  const key = decoded(name);
  const image = images && Object.hasOwn(images, key) ? images[key] : undefined;
  if (!image || !IMAGE.test(image)) return null;
  let address = shown.get(image);
  if (!address) {
    const [head = '', content = ''] = image.split(',');
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    // The kind is one of the four that the check allows.
    address = URL.createObjectURL(new Blob([bytes], { type: head.slice('data:'.length, -';base64'.length) }));
    shown.set(image, address);
  }
  return address;
}

/** markdown-it writes letters such as ä in addresses with signs of per cent. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

export const lessonHtml = (text: string, base: string, images?: Images): string =>
  renderer.render(text, { base, images });
