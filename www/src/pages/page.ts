/** Shared by the written pages: the site's address for the labs, snippets with a copy button, frames as high as their lab. */
import { ready } from './language';
import '../conv-lab';
import { LabHost } from '../embed/host';
import { offline } from '../offline/register';
import { PAGES } from './text';

// Each page names the manifest in the site's folder. The start page of a packed lesson is outside this folder.
const manifest = document.querySelector<HTMLLinkElement>('link[rel=manifest]');
LabHost.site = new URL('./', manifest?.href ?? location.href).href;

function addCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('pre[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = PAGES.copy;
    const code = block.querySelector('code') ?? block;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent ?? '');
        button.textContent = PAGES.copied;
      } catch {
        // Without access to the clipboard the text is selected, to be copied by hand.
        getSelection()?.selectAllChildren(code);
        button.textContent = PAGES.selected;
      }
      setTimeout(() => {
        button.textContent = PAGES.copy;
      }, 2000);
    });
    block.append(button);
  }
}

if (ready) void ready.then(addCopyButtons);
else addCopyButtons();

/** Sets the height of the frame that sent the message. */
addEventListener('message', ({ source, data }: MessageEvent<{ type?: string; height?: number }>) => {
  if (data?.type !== 'convlab-height' || typeof data.height !== 'number') return;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow === source) frame.height = String(data.height);
  }
});

if (LabHost.site === new URL('./', location.href).href) offline();
