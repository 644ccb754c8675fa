/** A line of text and a bar for the progress with data files. */
import { html, type TemplateResult } from 'lit';
import { fileSize, integer } from '../base/format';
import type { Progress } from '../worker/protocol';
import { PROGRESS } from './text';

export function progressText({ phase, file, done, total }: Progress): string {
  if (phase === 'generate') return `${PROGRESS.generate}: ${integer(done)} / ${integer(total)}`;
  return `${PROGRESS[phase]} ${file}: ${fileSize(done)}${total > 0 ? ` / ${fileSize(total)}` : ''}`;
}

export function progressBar(progress: Progress): TemplateResult {
  const text = progressText(progress);
  return html`
    <div class="small soft number">${text}</div>
    ${
      progress.total > 0
        ? html`<progress aria-label=${text} max=${progress.total} .value=${progress.done}></progress>`
        : html`<progress aria-label=${text}></progress>`
    }
  `;
}
