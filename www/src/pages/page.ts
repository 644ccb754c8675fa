/** Shared by the written pages: the site's address for the labs, snippets with a copy button, frames as high as their lab. */
import '../conv-lab';
import { LabHost } from '../embed/host';
import { offline } from '../offline/register';
import { PAGES } from './text';

LabHost.site = new URL('./', location.href).href;

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

/** Sets the height of the frame that sent the message. */
addEventListener('message', ({ source, data }: MessageEvent<{ type?: string; height?: number }>) => {
  if (data?.type !== 'convlab-height' || typeof data.height !== 'number') return;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow === source) frame.height = String(data.height);
  }
});

offline();
