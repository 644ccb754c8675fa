/** A line of text and a bar for the progress with data files. */
import { html, type TemplateResult } from 'lit';
import { integer } from '../base/format';
import type { ShownProgress } from '../worker/protocol';
import { PROGRESS } from './text';

export function progressText({ phase, file, done, total, bytes }: ShownProgress): string {
  if (!bytes) return `${PROGRESS.generate}: ${integer(done)} / ${integer(total)}`;
  return `${PROGRESS[phase]} ${file}: ${total > 0 ? `${bytes.done} / ${bytes.total}` : bytes.done}`;
}

export function progressBar(progress: ShownProgress): TemplateResult {
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
