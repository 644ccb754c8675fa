/** `<lesson-code>`: a box for the student's own Keras code, whose network is compared with that of an experiment. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { LabHost } from '../embed/host';
import { sentence } from '../lab/messages';
import { AsWritten } from '../ui/as-written';
import { BoundedElement } from '../ui/bounded';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import { codeArea } from '../ui/styles/code-area';
import { controls } from '../ui/styles/controls';
import type { Code, Images } from './document';
import { experimentOf, shortTitle } from './experiment';
import { judged, type Verdict } from './network';
import { type AnswerStore, MOST_CODE } from './store';
import { frame } from './styles';
import { LESSON } from './text';
import './prose';

@customElement('lesson-code')
export class LessonCode extends BoundedElement {
  @property({ attribute: false }) value!: Code;
  @property({ attribute: false }) store!: AnswerStore;
  @property() base = '';
  @property({ attribute: false }) images: Images = undefined;
  /** The name of the experiment, once it is known. */
  @state() private name = '';
  @state() private reading = false;
  @state() private verdict: Verdict | null = null;
  @state() private problem = '';
  @query('textarea') private area!: HTMLTextAreaElement;
  readonly #written = new AsWritten(this);
  #unsubscribe: (() => void) | null = null;

  static override styles = [
    base,
    controls,
    frame,
    codeArea,
    css`
      textarea {
        direction: ltr;
        text-align: left;
      }
      ul {
        margin: 0;
        padding-inline-start: 1.2rem;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.store.subscribe(() => this.requestUpdate());
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { experiment } = this.value;
    if (!changed.has('value') || changed.get('value')?.experiment === experiment) return;
    void this.#experiment()
      .then((found) => {
        if (this.value.experiment === experiment) this.name = shortTitle(found);
      })
      // The button says it again, with the reason.
      .catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  override render() {
    const { reading, value: part, verdict } = this;
    const words = LESSON.codePart;
    const isWrong = this.problem !== '' || verdict?.kind === 'unsupported';
    const write = this.#written.on(part.id, (text) => this.#keep(text));
    return html`<div class="frame" role="group" aria-label=${words.label}>
      <p class="kind">${words.label}</p>
      ${part.text ? html`<lesson-text .text=${part.text} .base=${this.base} .images=${this.images}></lesson-text>` : nothing}
      <form novalidate @submit=${this.#submit}>
        <label class="words">
          <span>${words.code}</span>
          <textarea
            spellcheck="false" autocomplete="off" autocapitalize="off" maxlength=${MOST_CODE} aria-describedby="hint"
            aria-invalid=${isWrong} .value=${this.#written.shown(part.id, this.#code)} @input=${write} @change=${write}
          ></textarea>
        </label>
        <span id="hint" class="small soft">${words.hint}</span>
        <button ?disabled=${reading}>${reading ? words.reading : words.compare(this.name || String(part.id))}</button>
        ${this.problem ? html`<span class="error small" role="alert">${this.problem}</span>` : nothing}
      </form>
      <div class="outcome" role="status">${verdict ? this.#outcome(verdict) : nothing}</div>
    </div>`;
  }

  get #code(): string {
    return String(this.store.given(this.value.id)?.value ?? '');
  }

  #outcome(verdict: Verdict) {
    switch (verdict.kind) {
      case 'equal':
        return html`<span class="right">${icons.check}${verdict.sentences}</span>`;
      case 'different':
        return verdict.sentences.map((text, i) => html`<span class=${i === 0 ? 'wrong' : ''}>${text}</span>`);
      case 'unsupported': {
        const { unsupported } = verdict;
        return html`<span class="wrong">${LESSON.codePart.unsupported(unsupported.length)}</span>
          <ul>
            ${unsupported.map(({ where, what }) => html`<li>${this.#place(where)}: ${what}</li>`)}
          </ul>`;
      }
    }
  }

  /** A line of the code can be shown; a place in a notebook is a text. */
  #place(where: string) {
    const line = /^line (\d+)$/.exec(where)?.[1];
    return line === undefined
      ? where
      : html`<button type="button" class="small" @click=${() => this.#select(Number(line) - 1)}>${where}</button>`;
  }

  #select(line: number): void {
    const lines = this.area.value.split('\n');
    const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line]?.length ?? 0));
    this.area.scrollTop = (this.area.scrollHeight / lines.length) * Math.max(0, line - 3);
  }

  #keep(text: string): void {
    if (text !== this.#code) [this.verdict, this.problem] = [null, ''];
    this.store.give(this.value.id, { value: text.slice(0, MOST_CODE) });
  }

  #experiment() {
    return experimentOf(this.value.experiment, this.base, [location.origin, LabHost.site]);
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { value: code } = this.area;
    this.#keep(code);
    [this.verdict, this.problem] = [null, code.trim() === '' ? LESSON.codePart.empty : ''];
    if (this.problem) return;
    this.reading = true;
    try {
      const experiment = await this.#experiment();
      this.verdict = await judged(code, experiment, shortTitle(experiment));
    } catch (error) {
      this.problem = sentence(error);
    }
    this.reading = false;
  };
}
