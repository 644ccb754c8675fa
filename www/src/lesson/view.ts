/** `<lesson-view>`: a whole lesson, from its title to the progress at its end. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { percent } from '../base/format';
import { jsonText } from '../base/json-text';
import { download } from '../lab/download';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tokens } from '../ui/styles/tokens';
import { cardElement } from './card';
import { type Card, cardId, type Hint, type Lesson, type Part, type Question } from './document';
import { type AnswerStore, isAnswered } from './store';
import { LESSON } from './text';
import './code';
import './prose';
import './question';

@customElement('lesson-view')
export class LessonView extends BoundedElement {
  @property({ attribute: false }) lesson!: Lesson;
  @property({ attribute: false }) store!: AnswerStore;
  /** The address of the document. */
  @property() base = '';
  /** Whether the lesson is the whole page, so that its title is the page's. */
  @property({ type: Boolean }) page = false;
  @state() private clearing = false;
  #unsubscribe: (() => void) | null = null;

  static override styles = [
    tokens,
    base,
    controls,
    css`
      :host {
        font-size: 17px;
        line-height: 1.6;
        background: transparent;
      }
      header {
        margin-bottom: 1.6rem;
      }
      h1,
      .title {
        margin: 0 0 0.5rem;
        font-size: clamp(1.7rem, 5vw, 2.4rem);
        line-height: 1.2;
        letter-spacing: -0.02em;
        font-weight: 700;
        text-wrap: balance;
      }
      .lead {
        font-size: 1.12rem;
        color: var(--ink-soft);
        text-wrap: pretty;
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.1rem;
      }
      conv-lab {
        display: block;
      }
      /* Approximately the height of a card, so that the text below does not move when it loads. */
      conv-lab:not(:defined) {
        min-height: 30rem;
      }
      .waits {
        padding: 1.6rem 1.2rem;
        border: 1px dashed var(--line-strong);
        border-radius: 12px;
        text-align: center;
        color: var(--ink-soft);
      }
      details {
        padding: 0.7rem 1rem;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--panel);
      }
      details lesson-text {
        margin-top: 0.6rem;
      }
      summary {
        font-size: 1rem;
      }
      footer {
        display: grid;
        gap: 0.7rem;
        margin-top: 2rem;
        padding-top: 1.2rem;
        border-top: 1px solid var(--line);
      }
      progress {
        max-width: 20rem;
      }
      @media print {
        footer .row {
          display: none;
        }
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('store')) return;
    this.#unsubscribe?.();
    this.#unsubscribe = this.store.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  /** The number of the part at the upper edge of the window. */
  get position(): number {
    const parts = [...this.renderRoot.querySelectorAll('.parts > *')];
    return Math.max(
      0,
      parts.findIndex((part) => part.getBoundingClientRect().bottom > 1),
    );
  }

  async goTo(part: number): Promise<void> {
    await this.updateComplete;
    if (part > 0) this.renderRoot.querySelectorAll('.parts > *')[part]?.scrollIntoView();
  }

  override render() {
    const { lesson } = this;
    const { language } = lesson;
    return html`<article lang=${language ?? nothing} dir=${language ? directionOf(language) : nothing}>
      <header>
        ${this.page ? html`<h1>${lesson.lesson}</h1>` : html`<h2 class="title">${lesson.lesson}</h2>`}
        ${lesson.description ? html`<p class="lead">${lesson.description}</p>` : nothing}
        ${lesson.minutes ? html`<p class="small soft">${LESSON.minutes(lesson.minutes)}</p>` : nothing}
        ${this.store.isKept ? nothing : html`<p class="small"><strong>${this.store.words.notKept}</strong></p>`}
      </header>
      <div class="parts">${lesson.parts.map((part, i) => this.#part(part, i))}</div>
      ${this.#footer()}
    </article>`;
  }

  #part(part: Part, index: number) {
    const { images } = this.lesson;
    switch (part.type) {
      case 'text':
        return html`<lesson-text .text=${part.text} .base=${this.base} .images=${images}></lesson-text>`;
      case 'hint':
        return this.#hint(part, index);
      case 'question':
        return html`<lesson-question
          .question=${part}
          .store=${this.store}
          .base=${this.base}
          .images=${images}
          .feedback=${this.#tells(part, index)}
        ></lesson-question>`;
      case 'experiment':
        return this.#card(part, index);
      case 'code':
        return html`<lesson-code .value=${part} .store=${this.store} .base=${this.base} .images=${images}></lesson-code>`;
    }
  }

  /** Whether an answer is judged: never without feedback, and a prediction's only after the experiment. */
  #tells(question: Question, index: number): boolean {
    if (this.lesson.feedback === false) return false;
    if (!question.predict) return true;
    const next = this.lesson.parts.findIndex(({ type }, i) => i > index && type === 'experiment');
    const card = this.lesson.parts[next];
    return card?.type === 'experiment' && this.store.ran(cardId(card, next)) !== null;
  }

  #hint({ title, text }: Hint, index: number) {
    const { hints, images, parts } = this.lesson;
    if (hints === 'hidden') return nothing;
    if (hints === 'after') {
      const before = parts.findLastIndex(({ type }, i) => i < index && type === 'experiment');
      const card = parts[before];
      if (card?.type === 'experiment' && !this.store.ran(cardId(card, before))) return nothing;
    }
    return html`<details>
      <summary>${title ?? LESSON.hint}</summary>
      <lesson-text .text=${text} .base=${this.base} .images=${images}></lesson-text>
    </details>`;
  }

  #card(card: Card, index: number) {
    const waits = this.#predictions(index).some(({ id }) => !isAnswered(this.store.given(id)));
    if (waits) return html`<p class="waits">${LESSON.waits}</p>`;
    const id = cardId(card, index);
    const ran = this.store.ran(id);
    return html`<div>
      ${cardElement(card, id, this)}
      ${ran ? html`<p class="small soft">${LESSON.ranBefore(percent(ran.accuracy))}</p>` : nothing}
    </div>`;
  }

  /** The predictions between the experiment before and this one. */
  #predictions(index: number): Question[] {
    const { parts } = this.lesson;
    const before = parts.findLastIndex(({ type }, i) => i < index && type === 'experiment');
    return parts
      .slice(before + 1, index)
      .filter((part): part is Question => part.type === 'question' && part.predict === true);
  }

  #footer() {
    const { done, all } = this.store.done;
    if (all === 0) return nothing;
    const { score } = this.store;
    const hasScore = score.all > 0 && this.lesson.feedback !== false;
    const text = LESSON.progress(done, all);
    return html`<footer>
      <progress max=${all} value=${done} aria-label=${text}></progress>
      <p role="status">${done === all ? LESSON.finished : text} ${hasScore ? LESSON.score(score.right, score.all) : nothing}</p>
      ${this.store.isKept ? html`<p class="small soft">${this.store.words.kept}</p>` : nothing}
      <div class="row">
        <button class="small" @click=${this.#save}>${LESSON.save}</button>
        ${
          this.clearing
            ? html`<button class="small" @click=${this.#clear}>${LESSON.clearSure}</button>
                <button class="small quiet" @click=${() => (this.clearing = false)}>${LESSON.clearNot}</button>`
            : html`<button class="small quiet" @click=${() => (this.clearing = true)}>${LESSON.clear}</button>`
        }
      </div>
    </footer>`;
  }

  readonly #save = (): void => {
    const { lesson, id } = this.lesson;
    const name = (id ?? lesson).replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'lesson';
    const file = { lesson, answers: this.store.answers };
    download(`${name}-answers.json`, 'application/json', `${jsonText(file)}\n`);
  };

  readonly #clear = (): void => {
    this.clearing = false;
    this.store.clear();
  };
}

/** Whether a language is written from the right. */
function directionOf(language: string): 'rtl' | 'ltr' {
  const rtl = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm'];
  return rtl.includes(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr';
}
