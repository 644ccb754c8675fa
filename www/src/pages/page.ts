/** What the site's written pages share: labs that know where the site is, snippets with a copy button, frames as high as their lab. */
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
      // The browser keeps its clipboard to itself: one key is left to press.
      getSelection()?.selectAllChildren(code);
      button.textContent = PAGES.selected;
    }
    setTimeout(() => {
      button.textContent = PAGES.copy;
    }, 2000);
  });
  block.append(button);
}

/** The frames tell their height, whoever they are; each message is matched to its frame. */
addEventListener('message', ({ source, data }: MessageEvent<{ type?: string; height?: number }>) => {
  if (data?.type !== 'convlab-height' || typeof data.height !== 'number') return;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow === source) frame.height = String(data.height);
  }
});

offline();
