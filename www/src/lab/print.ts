/**
 * Prints a report, which browsers also save as PDF. The report is shown in a frame of this page, whose content security policy allows no
 * inline styles and no data: addresses. So styles are set by script, and images are drawn.
 */

const SHARE = / style="--share:([\d.]+)"/g;
const IMAGE = / src="data:image\/png;base64,([^"]*)"/g;

export async function printHtml(text: string): Promise<void> {
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
  const plain = text
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(SHARE, ' data-share="$1"')
    .replaceAll(IMAGE, ' data-png="$1"');
  const frame = document.createElement('iframe');
  frame.title = 'Report';
  frame.style.cssText = 'position: fixed; inset: 0 auto auto 0; width: 210mm; height: 1px; border: 0; opacity: 0';
  document.body.append(frame);
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  const page = frame.contentDocument;
  if (!view || !page)
    throw new Error('This browser does not let the page print. Save the report as HTML and print that.');
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(style);
  page.adoptedStyleSheets = [sheet];
  const parsed = new DOMParser().parseFromString(plain, 'text/html');
  page.title = parsed.title;
  page.body.replaceChildren(...[...parsed.body.childNodes].map((node) => page.importNode(node, true)));
  for (const element of page.querySelectorAll<HTMLElement>('[data-share]')) {
    element.style.setProperty('--share', element.dataset.share ?? '0');
  }
  try {
    await showImages(page);
    view.print();
  } catch (error) {
    frame.remove();
    throw error;
  }
  // Some browsers return before the dialog is closed.
  const end = () => frame.remove();
  view.addEventListener('afterprint', end, { once: true });
  setTimeout(end, 600_000);
}

/** Draws the images. A site may also forbid blob: addresses, and drawing needs none. */
async function showImages(page: Document): Promise<void> {
  for (const image of page.querySelectorAll<HTMLImageElement>('[data-png]')) {
    const bytes = Uint8Array.from(atob(image.dataset.png ?? ''), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = page.createElement('canvas');
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    canvas.style.cssText =
      'display: block; width: 100%; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated';
    image.replaceWith(canvas);
  }
}
