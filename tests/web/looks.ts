/** Visual checks of a page: its screenshot, the layout of its parts, and axe. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, type TestInfo } from '@playwright/test';

export type Scheme = 'light' | 'dark';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules of axe that the page violates, and the elements. */
export const axeFindings = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => { ${axe}; })(); axe.run(document, { resultTypes: ['violations'], iframes: false })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.flat().join(' ')).join(', ')))`);

/** Texts that are cut off, and tables that are wider than their box without being scrollable by keyboard and mouse. */
export const clipped = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const isCut = (style: CSSStyleDeclaration) => ['hidden', 'clip'].includes(style.overflowX);
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.shadowRoot) walk(element.shadowRoot);
        if (element.getClientRects().length === 0 || element.closest('.visually-hidden, svg, textarea')) continue;
        const name = `${element.localName}.${element.className} “${element.textContent?.trim().slice(0, 40)}”`;
        const style = getComputedStyle(element);
        const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        const over = element.scrollWidth - element.clientWidth;
        if (ownText && element.clientWidth > 0 && over > 1 && isCut(style))
          found.push(`${over} px of ${name} are cut off`);
        if (element.localName === 'table') {
          const box = element.parentElement as HTMLElement;
          const wide = element.scrollWidth > box.clientWidth + 1;
          if (wide && (getComputedStyle(box).overflowX !== 'auto' || box.tabIndex !== 0))
            found.push(`${name} is wider than its box, which does not scroll`);
        }
      }
    };
    walk(document);
    return found;
  });

/**
 * Captions inside drawings (SVG) that reach over the drawing's edge, where it is cut, or over one another. Rotated ones are left out:
 * their boxes are larger than the letters.
 */
export const captionsCut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const captionsOf = (drawing: SVGSVGElement) =>
      [...drawing.querySelectorAll('text')].flatMap((text) => {
        const words = text.textContent?.trim() ?? '';
        const matrix = text.getScreenCTM();
        const box = text.getBoundingClientRect();
        const isUpright = matrix !== null && Math.abs(matrix.b) < 1e-6 && Math.abs(matrix.c) < 1e-6;
        if (words === '' || !isUpright || box.width === 0) return [];
        // The box has room for accents above the letters and tails below them.
        const [top, bottom] = [box.top + 0.2 * box.height, box.bottom - 0.2 * box.height];
        return [{ words, left: box.left, right: box.right, top, bottom }];
      });
    const check = (drawing: SVGSVGElement): void => {
      const edge = drawing.getBoundingClientRect();
      const isCut = getComputedStyle(drawing).overflow !== 'visible';
      const captions = captionsOf(drawing);
      for (const [i, a] of captions.entries()) {
        const over = Math.max(edge.left - a.left, a.right - edge.right, edge.top - a.top, a.bottom - edge.bottom);
        if (isCut && over > 1) found.push(`${over.toFixed(1)} px of the caption “${a.words}” are outside its drawing`);
        for (const b of captions.slice(i + 1)) {
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (across > 1 && down > 1) found.push(`the captions “${a.words}” and “${b.words}” lie over one another`);
        }
      }
    };
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot);
        if (element instanceof SVGSVGElement && element.getClientRects().length > 0) check(element);
      }
    };
    walk(document);
    return found;
  });

/**
 * What a screen reader announces from now on. All changes of the page's live region are recorded, because on a fast machine one
 * sentence replaces the next within a fraction of a second.
 */
export async function announcements(page: Page): Promise<() => Promise<string[]>> {
  const region = page.locator('[aria-live="polite"].visually-hidden').first();
  const recorded = await region.evaluateHandle((element) => {
    const sentences: string[] = [];
    const record = () => {
      const text = element.textContent.trim();
      if (text !== '' && text !== sentences.at(-1)) sentences.push(text);
    };
    new MutationObserver(record).observe(element, { childList: true, characterData: true, subtree: true });
    return sentences;
  });
  return () => recorded.jsonValue();
}

/** No horizontal scrolling. Charts are resized a moment after the window. */
export async function expectFits(page: Page, what: string): Promise<void> {
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(overflow, `${what} needs no sideways scrolling`).toBeLessThanOrEqual(0);
}

/** Buttons and cards that overflow their container or overlap one another. */
export const misplaced = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const name = (element: Element) =>
      `${element.localName}.${element.className} “${element.textContent?.trim().slice(0, 30)}”`;
    const walk = (root: ParentNode) => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.shadowRoot) walk(element.shadowRoot);
        if (element.getClientRects().length === 0) continue;
        const isButton = element.localName === 'button' || element.classList.contains('badge');
        if (
          isButton &&
          element.scrollWidth > element.clientWidth + 1 &&
          getComputedStyle(element).textOverflow !== 'ellipsis'
        )
          found.push(`text runs out of ${name(element)}`);
        const cards = [...element.children]
          .filter((child) => child.matches('.card, .tile'))
          .map((card) => ({ card, box: card.getBoundingClientRect() }));
        for (const [i, a] of cards.entries())
          for (const b of cards.slice(i + 1)) {
            const apart =
              a.box.right <= b.box.left + 1 ||
              b.box.right <= a.box.left + 1 ||
              a.box.bottom <= b.box.top + 1 ||
              b.box.bottom <= a.box.top + 1;
            if (!apart) found.push(`${name(a.card)} lies over ${name(b.card)}`);
          }
      }
    };
    walk(document);
    return found;
  });

/**
 * Takes a screenshot, attaches it to the results, and checks it: it is not empty, and its colours are those of the scheme, so
 * that no part is light in the dark scheme or the other way round.
 */
export async function expectLooks(page: Page, scheme: Scheme, name: string, info: TestInfo): Promise<void> {
  const path = info.outputPath(`${name.toLowerCase()}-${scheme}.png`);
  const image = await page.screenshot({ path, fullPage: true });
  const { light, dark, common } = await shares(page, image);
  // Images of digits are black in both schemes; in the dark scheme only text and curves are light.
  if (scheme === 'light') expect(dark, `${name}: share of dark pixels, see ${path}`).toBeLessThan(0.3);
  else expect(light, `${name}: share of light pixels, see ${path}`).toBeLessThan(0.12);
  expect(common, `${name}: share of the commonest colour, see ${path}`).toBeLessThan(0.9);
}

interface Shares {
  light: number;
  dark: number;
  /** The share of the most common colour. */
  common: number;
}

/** Computed in an empty page, to which the site's content security policy does not apply. */
async function shares(page: Page, image: Buffer): Promise<Shares> {
  const reader = await page.context().newPage();
  try {
    return await reader.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const counts = new Map<number, number>();
      const total = data.length / 4;
      let [light, dark] = [0, 0];
      for (let i = 0; i < data.length; i += 4) {
        const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
        const brightness = (r + g + b) / 3;
        if (brightness > 200) light += 1;
        if (brightness < 60) dark += 1;
        const color = (r << 16) | (g << 8) | b;
        counts.set(color, (counts.get(color) ?? 0) + 1);
      }
      return { light: light / total, dark: dark / total, common: Math.max(...counts.values()) / total };
    }, image.toString('base64'));
  } finally {
    await reader.close();
  }
}

/** The page at three widths and in both schemes: nothing runs out of its box, and axe finds nothing. */
export async function expectSound(page: Page, name: string, info: TestInfo): Promise<void> {
  for (const width of [390, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const what = `${name} at ${width} px, ${scheme}`;
      await expectFits(page, what);
      await expect.poll(() => misplaced(page), what).toEqual([]);
      expect(await axeFindings(page), what).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${name}-${width}-${scheme}.png`), fullPage: true });
    }
  }
}
