/** What the student writes about a run: its name, tags and notes. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { runName, type SavedRun } from '../lab/saved-run';
import { AsWritten } from '../ui/as-written';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { COMPARE } from './text';

@customElement('lab-run-notes')
export class LabRunNotes extends LabElement {
  @property({ attribute: false }) run!: SavedRun;
  readonly #written = new AsWritten(this);

  static override styles = [
    base,
    controls,
    css`
      div {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
        gap: 0.5rem 0.8rem;
        white-space: normal;
        text-align: start;
        padding-block: 0.3rem 0.6rem;
      }
      .notes {
        grid-column: 1 / -1;
      }
      textarea {
        font: inherit;
      }
    `,
  ];

  override render() {
    const { run } = this;
    const { tags = [], notes = '', label = '' } = run;
    const names = COMPARE.notes;
    const [nameIt, tagIt, note] = [this.#write('label'), this.#write('tags'), this.#write('notes')];
    return html`<div>
      <label>
        <span>${names.name}</span>
        <input
          autocomplete="off" maxlength="80" placeholder=${runName(run)} .value=${this.#written.shown('label', label)}
          @input=${nameIt} @change=${nameIt}
        />
      </label>
      <label>
        <span>${names.tags}</span>
        <input
          autocomplete="off" maxlength="200" .value=${this.#written.shown('tags', tags.join(', '))}
          @input=${tagIt} @change=${tagIt}
        />
      </label>
      <label class="notes">
        <span>${names.notes}</span>
        <textarea
          rows="3" maxlength="10000" .value=${this.#written.shown('notes', notes)} @input=${note} @change=${note}
        ></textarea>
      </label>
    </div>`;
  }

  #write(field: 'label' | 'tags' | 'notes') {
    const { lab, run } = this;
    return this.#written.on(field, (text) => {
      const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
      void lab.runs.write(run.id, field === 'tags' ? { tags } : { [field]: text.trim() });
    });
  }
}
