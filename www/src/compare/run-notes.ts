/** What the student writes about a run: its name, tags and notes. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { runName, type SavedRun } from '../lab/saved-run';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { COMPARE } from './text';

@customElement('lab-run-notes')
export class LabRunNotes extends LabElement {
  @property({ attribute: false }) run!: SavedRun;

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
    return html`<div>
      <label>
        <span>${names.name}</span>
        <input autocomplete="off" maxlength="80" placeholder=${runName(run)} .value=${label} @change=${this.#change('label')} />
      </label>
      <label>
        <span>${names.tags}</span>
        <input autocomplete="off" maxlength="200" .value=${tags.join(', ')} @change=${this.#change('tags')} />
      </label>
      <label class="notes">
        <span>${names.notes}</span>
        <textarea rows="3" maxlength="10000" .value=${notes} @change=${this.#change('notes')}></textarea>
      </label>
    </div>`;
  }

  #change(field: 'label' | 'tags' | 'notes') {
    return (event: Event): void => {
      const text = (event.target as HTMLInputElement).value.trim();
      const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
      void this.lab.runs.write(this.run.id, field === 'tags' ? { tags } : { [field]: text });
    };
  }
}
