/** Name, course and date of a report's author, and a box for the observations at each of its figures. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type Author, keepAuthor, keptAuthor } from '../lab/reports';
import { AsWritten } from './as-written';
import { REPORT } from './report-text';
import { base } from './styles/base';
import { controls } from './styles/controls';

/** Sends `observed` with all observations when one has been entered. */
@customElement('lab-observations')
export class LabObservations extends LitElement {
  @property({ attribute: false }) figures: readonly (keyof typeof REPORT.figures)[] = [];
  @property({ attribute: false }) observations: Record<string, string> = {};
  readonly #written = new AsWritten(this);

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 0.8rem;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
        gap: 0.6rem 0.8rem;
      }
      .boxes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
        gap: 0.6rem 0.8rem;
      }
      textarea {
        font: inherit;
        resize: vertical;
      }
    `,
  ];

  override render() {
    const author = keptAuthor();
    return html`
      <div class="fields">
        ${(['name', 'course', 'date'] as const).map((field) => {
          const write = this.#written.on(field, (text) => this.#write(field, text));
          return html`<label>
            <span>${REPORT.author[field]}</span>
            <input
              name=${field}
              maxlength="120"
              autocomplete=${field === 'name' ? 'name' : 'off'}
              placeholder=${field === 'date' ? REPORT.today : ''}
              .value=${this.#written.shown(field, author[field])}
              @input=${write}
              @change=${write}
            />
          </label>`;
        })}
      </div>
      <div class="boxes">
        ${this.figures.map((figure) => {
          const write = this.#written.on(figure, (text) => this.#observe(figure, text));
          return html`<label>
            <span>${REPORT.figures[figure]}</span>
            <textarea
              name=${figure}
              rows="3"
              maxlength="10000"
              .value=${this.#written.shown(figure, this.observations[figure] ?? '')}
              @input=${write}
              @change=${write}
            ></textarea>
          </label>`;
        })}
      </div>
    `;
  }

  #write(field: keyof Author, text: string): void {
    keepAuthor({ ...keptAuthor(), [field]: text.trim() });
    this.requestUpdate();
  }

  #observe(figure: string, text: string): void {
    const { [figure]: _, ...rest } = this.observations;
    const detail = text.trim() ? { ...rest, [figure]: text.trim() } : rest;
    this.dispatchEvent(new CustomEvent<Record<string, string>>('observed', { detail }));
  }
}
