/** `<lesson-question>`: a question of a lesson, its answer, and what is said about it. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { quoted } from '../base/format';
import { numberIn } from '../base/number';
import { AsWritten } from '../ui/as-written';
import { BoundedElement } from '../ui/bounded';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Images, kindOf, type Question } from './document';
import { type AnswerStore, hasAnswer, isFinal, isRight, MOST_ANSWER } from './store';
import { frame } from './styles';
import { LESSON } from './text';
import './prose';

/** After so many wrong tries the answer can be shown. */
const TRIES = 2;

@customElement('lesson-question')
export class LessonQuestion extends BoundedElement {
  @property({ attribute: false }) question!: Question;
  @property({ attribute: false }) store!: AnswerStore;
  @property() base = '';
  @property({ attribute: false }) images: Images = undefined;
  /** Whether the student learns if the answer is right; for a prediction, once the experiment has run. */
  @property({ type: Boolean }) feedback = true;
  @state() private problem = '';
  readonly #written = new AsWritten(this);
  #unsubscribe: (() => void) | null = null;

  static override styles = [
    base,
    controls,
    frame,
    css`
      .predict {
        border-inline-start-color: var(--train);
      }
      fieldset {
        border: 0;
        padding: 0;
        margin: 0;
        min-width: 0;
        display: grid;
        gap: 0.2rem;
      }
      fieldset label {
        display: flex;
        gap: 0.6rem;
        align-items: baseline;
        padding: 0.3rem 0;
      }
      fieldset label > span {
        margin: 0;
        font-size: 1em;
        color: var(--ink);
        overflow-wrap: anywhere;
      }
      input[type='radio'] {
        width: 1.05rem;
        min-height: 1.05rem;
        height: 1.05rem;
        flex: none;
        accent-color: var(--accent);
        translate: 0 0.15rem;
      }
      .number {
        width: min(14rem, 100%);
      }
      textarea {
        font: inherit;
        resize: vertical;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.store.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  override render() {
    const { question } = this;
    const words = LESSON.question;
    const label = question.predict ? words.prediction : words.label;
    return html`<div class=${question.predict ? 'frame predict' : 'frame'} role="group" aria-label=${label}>
      <p class="kind">${label}</p>
      <lesson-text id="text" .text=${question.text} .base=${this.base} .images=${this.images}></lesson-text>
      <form novalidate @submit=${this.#submit} @change=${() => (this.problem = '')}>
        ${this.#field()} ${this.#button()}
        ${this.problem ? html`<span id="problem" class="error small" role="alert">${this.problem}</span>` : nothing}
      </form>
      <div class="outcome" role="status">${this.#outcome()}</div>
    </div>`;
  }

  get #given() {
    return this.store.given(this.question.id);
  }

  get #isFinal(): boolean {
    return isFinal(this.question, this.#given, this.feedback);
  }

  /** A text without a right answer is saved as it is written. */
  get #isFree(): boolean {
    return kindOf(this.question) === 'text' && !hasAnswer(this.question) && !this.question.predict;
  }

  #field() {
    const { question } = this;
    const words = LESSON.question;
    const value = this.#given?.value;
    const invalid = this.problem ? 'true' : 'false';
    switch (kindOf(question)) {
      case 'choice':
        return html`<fieldset ?disabled=${this.#isFinal} aria-describedby=${this.problem ? 'problem' : nothing}>
          <legend class="visually-hidden">${words.choice}: ${question.text}</legend>
          ${question.choices?.map(
            (choice) => html`<label dir="auto">
              <input type="radio" name="answer" value=${choice} .checked=${choice === value} />
              <span>${choice}</span>
            </label>`,
          )}
        </fieldset>`;
      case 'number':
        return html`<label class="number">
          <span>${question.unit ? words.inUnit(question.unit) : words.number}</span>
          <input
            name="answer" inputmode="decimal" autocomplete="off" maxlength="40"
            .value=${value === undefined ? '' : String(value)}
            ?readonly=${this.#isFinal} aria-invalid=${invalid} aria-describedby=${this.problem ? 'problem' : nothing}
          />
        </label>`;
      case 'text':
        return html`<label class="words">
          <span>${words.text}</span>
          ${
            hasAnswer(question)
              ? html`<input
                  name="answer" autocomplete="off" maxlength="300" dir="auto" .value=${String(value ?? '')}
                  ?readonly=${this.#isFinal} aria-invalid=${invalid} aria-describedby=${this.problem ? 'problem' : nothing}
                />`
              : this.#words(String(value ?? ''))
          }
        </label>`;
    }
  }

  #words(value: string) {
    const { question, store } = this;
    const write = this.#isFree
      ? this.#written.on(question.id, (text) => store.give(question.id, { value: text.slice(0, MOST_ANSWER) }))
      : nothing;
    return html`<textarea
      name="answer" rows="3" maxlength=${MOST_ANSWER} dir="auto" .value=${this.#written.shown(question.id, value)}
      ?readonly=${this.#isFinal} aria-describedby=${this.problem ? 'problem' : nothing} @input=${write} @change=${write}
    ></textarea>`;
  }

  #button() {
    if (this.#isFinal || this.#isFree) return nothing;
    const words = LESSON.question;
    const { predict } = this.question;
    const label = predict ? words.predict : hasAnswer(this.question) && this.feedback ? words.check : words.keep;
    return html`<button class=${predict ? 'primary' : ''}>${label}</button>`;
  }

  #outcome() {
    const { question } = this;
    const given = this.#given;
    const words = LESSON.question;
    if (!given || given.value === '') return nothing;
    if (!hasAnswer(question) || !this.feedback) {
      const waits = question.predict && !this.feedback;
      return html`<span class="small soft">${waits ? words.made : words.kept}</span>
        ${question.predict && this.feedback ? this.#explanation() : nothing}`;
    }
    if (given.shown) return html`<span>${words.solved(this.#answer)}</span>${this.#explanation()}`;
    if (isRight(question, given.value))
      return html`<span class="right">${icons.check}${words.right}</span>${this.#explanation()}`;
    if (question.predict)
      return html`<span class="wrong">${words.wrongPrediction(this.#answer)}</span>${this.#explanation()}`;
    return html`<span class="wrong">${words.wrong}</span>
      ${
        (given.wrong ?? 0) >= TRIES
          ? html`<div><button type="button" class="quiet small" @click=${() => this.#give(given.value, true)}>${words.solution}</button></div>`
          : nothing
      }`;
  }

  #explanation() {
    const { explanation } = this.question;
    return explanation
      ? html`<lesson-text .text=${explanation} .base=${this.base} .images=${this.images}></lesson-text>`
      : nothing;
  }

  get #answer(): string {
    const { answer, unit } = this.question;
    return typeof answer === 'number' && unit ? `${answer} ${unit}` : String(answer);
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('answer') ?? '').trim();
    this.problem = this.#problemOf(text);
    if (this.problem) return;
    this.#give(kindOf(this.question) === 'number' ? this.#number(text) : text);
  };

  #problemOf(text: string): string {
    const words = LESSON.question;
    switch (kindOf(this.question)) {
      case 'number':
        return Number.isFinite(this.#number(text)) ? '' : words.notNumber(quoted(text, 40));
      case 'choice':
        return text === '' ? words.notChosen : '';
      case 'text':
        return text === '' ? words.empty : '';
    }
  }

  #number(text: string): number {
    const { answer } = this.question;
    return numberIn(text, typeof answer === 'number' ? answer : undefined);
  }

  #give(value: string | number, shown = false): void {
    const wrong = this.#given?.wrong ?? 0;
    const isWrong = hasAnswer(this.question) && this.feedback && !shown && !isRight(this.question, value);
    this.store.give(this.question.id, {
      value,
      ...((wrong > 0 || isWrong) && { wrong: wrong + (isWrong ? 1 : 0) }),
      ...(shown && { shown }),
    });
  }
}
