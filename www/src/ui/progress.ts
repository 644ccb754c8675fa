/** A line of text and a bar for the progress with data files. */
import { html, type TemplateResult } from 'lit';
import { bytes, integer } from '../base/format';
import type { Progress } from '../worker/protocol';
import { PROGRESS } from './text';

export function progressText({ phase, file, done, total }: Progress): string {
  const amount = phase === 'generate' ? integer : bytes;
  if (phase === 'generate') return `${PROGRESS.generate}: ${amount(done)} / ${amount(total)}`;
  const figures = total > 0 ? `${amount(done)} / ${amount(total)}` : amount(done);
  return `${PROGRESS[phase]} ${file}: ${figures}`;
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
