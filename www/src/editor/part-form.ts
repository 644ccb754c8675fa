/** `<lesson-part-form>`: the fields of one part. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { jsonText, parseJson } from '../base/json-text';
import { type Card, type Code, type Hint, type Images, kindOf, type Part, type Question } from '../lesson/document';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import './assignment-field';
import { withField } from './draft';
import { area, check, choice, line, numberOrText } from './fields';
import { imageText, readImage } from './images';
import { formStyles } from './styles';
import { EDITOR } from './text';

const OWN = '{}';

@customElement('lesson-part-form')
export class LessonPartForm extends LitElement {
  @property({ attribute: false }) value!: Part;
  /** The built-in experiments: titles by ids. */
  @property({ attribute: false }) experiments: Record<string, string> = {};
  /** The images of the lesson, whose names are not free any more. */
  @property({ attribute: false }) images: Images = undefined;
  /** An own document while it is typed, until it is JSON again. */
  @state() private typed: string | null = null;
  @state() private problem = '';
  @state() private imageProblem = '';
  /** The document that the typed text belongs to: its last valid form, or that from which it was begun. */
  #typedFor: unknown = null;

  static override styles = [base, controls, formStyles];

  override willUpdate(changed: PropertyValues<this>): void {
    if (this.typed === null || !changed.has('value')) return;
    const { value } = this;
    if (value.type === 'experiment' && value.experiment === this.#typedFor) return;
    this.typed = null;
    this.problem = '';
  }

  override render() {
    return html`<div class="fields">${this.#fields(this.value)}</div>`;
  }

  #fields(part: Part) {
    switch (part.type) {
      case 'text':
        return html`${area(EDITOR.text.text, part.text, (text) => this.#set('text', text), 8)} ${this.#image()}`;
      case 'hint':
        return this.#hint(part);
      case 'question':
        return this.#question(part);
      case 'experiment':
        return this.#card(part);
      case 'code':
        return this.#code(part);
    }
  }

  #code(part: Code) {
    const words = EDITOR.code;
    return html`
      ${line(words.id, part.id, (value) => this.#set('id', value))}
      ${this.#experiments(words.experiment, part.experiment, false)}
      ${area(words.text, part.text, (value) => this.#set('text', value), 3)} ${this.#image()}
    `;
  }

  /** Adds an image to the lesson, and its place at the end of this text. */
  #image() {
    const add = async ({ currentTarget }: Event) => {
      const input = currentTarget as HTMLInputElement;
      const file = input.files?.[0];
      input.value = '';
      if (!file) return;
      try {
        const image = await readImage(file, this.images);
        this.imageProblem = '';
        const text = 'text' in this.value ? (this.value.text ?? '') : '';
        const part = withField(this.value, 'text', `${text.trimEnd()}${text ? '\n\n' : ''}${imageText(image.name)}`);
        this.dispatchEvent(new CustomEvent('image', { detail: { image, part } }));
      } catch (error) {
        this.imageProblem = error instanceof Error ? error.message : String(error);
      }
    };
    return html`<div class="wide">
      <button class="small" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('input.image')?.click()}>
        ${EDITOR.image.add}
      </button>
      <input
        class="image" type="file" accept="image/png,image/jpeg,image/webp,image/gif" hidden aria-label=${EDITOR.image.add}
        @change=${add}
      />
      <p class="error small" role="alert" ?hidden=${!this.imageProblem}>${this.imageProblem}</p>
    </div>`;
  }

  /** The choice of an experiment; one that is no preset stays as it is. */
  #experiments(label: string, experiment: Card['experiment'] = '', mayBeNew = true) {
    const own = typeof experiment === 'object';
    const names = { ...this.experiments, ...((own || mayBeNew) && { [OWN]: EDITOR.card.own }) };
    const chosen = own ? OWN : String(experiment);
    return choice(label, chosen, chosen in names ? names : { [chosen]: chosen, ...names }, (value) =>
      this.#set('experiment', value === OWN ? {} : value),
    );
  }

  #hint({ title, text }: Hint) {
    const words = EDITOR.hint;
    return html`${line(words.title, title, (value) => this.#set('title', value), { wide: true, hint: words.placeholder })}
    ${area(words.text, text, (value) => this.#set('text', value))} ${this.#image()}`;
  }

  #question(part: Question) {
    const words = EDITOR.question;
    const kind = kindOf(part);
    return html`
      ${choice(words.kind, kind, words.kinds, (value) => this.#kind(value))}
      ${line(words.id, part.id, (value) => this.#set('id', value))}
      ${area(words.text, part.text, (value) => this.#set('text', value), 3)} ${this.#image()}
      ${
        kind === 'choice'
          ? area(words.choices, part.choices?.join('\n'), (value) =>
              this.#set('choices', value.split('\n').filter(Boolean)),
            )
          : nothing
      }
      ${line(words.answer, part.answer, (value) => this.#set('answer', kind === 'number' ? numberOrText(value) : value))}
      ${
        kind === 'number'
          ? html`${line(words.tolerance, part.tolerance, (value) => this.#set('tolerance', numberOrText(value)))}
            ${line(words.unit, part.unit, (value) => this.#set('unit', value))}`
          : nothing
      }
      ${area(words.explanation, part.explanation, (value) => this.#set('explanation', value), 2)}
      ${kind === 'text' ? choice(words.report, part.report, words.reports, (value) => this.#set('report', value)) : nothing}
      ${check(words.predict, part.predict, (on) => this.#set('predict', on))}
    `;
  }

  #card(part: Card) {
    const words = EDITOR.card;
    const own = typeof part.experiment === 'object';
    const assignment = html`<lesson-assignment-field
      class="wide"
      .value=${part.assignment}
      @assignment=${({ detail }: CustomEvent<Card['assignment']>) => this.#set('assignment', detail)}
    ></lesson-assignment-field>`;
    // An assignment sets everything else.
    if (part.assignment !== undefined)
      return html`${assignment} ${choice(words.view, part.view, words.views, (value) => this.#set('view', value))}
      ${choice(words.about, part.about, words.abouts, (value) => this.#set('about', value))}
      ${check(words.guess, part.guess, (on) => this.#set('guess', on))}`;
    return html`
      ${this.#experiments(words.experiment, part.experiment)}
      ${choice(words.view, part.view, words.views, (value) => this.#set('view', value))}
      ${own ? this.#document(part) : nothing}
      ${choice(words.data, part.data, words.datas, (value) => this.#set('data', value))}
      ${choice(words.engine, part.engine, words.engines, (value) => this.#set('engine', value))}
      ${Object.entries(words.numbers).map(([name, label]) =>
        line(label, part[name as 'epochs'], (value) => this.#set(name, numberOrText(value))),
      )}
      ${choice(words.about, part.about, words.abouts, (value) => this.#set('about', value))}
      ${check(words.guess, part.guess, (on) => this.#set('guess', on))}
      ${check(words.locked, part.locked, (on) => this.#set('locked', on))} ${assignment}
    `;
  }

  #document({ experiment }: Card) {
    const words = EDITOR.card;
    const change = (text: string) => {
      this.typed = text;
      this.#typedFor = experiment;
      try {
        const value = parseJson(text);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('{…}');
        this.problem = '';
        this.#typedFor = value;
        this.#set('experiment', value);
      } catch (error) {
        this.problem = words.notJson(error instanceof Error ? error.message : String(error));
      }
    };
    return html`${area(words.document, this.typed ?? jsonText(experiment), change, 12)}
      <p class="wide error small" role="alert" ?hidden=${!this.problem}>${this.problem}</p>`;
  }

  /** What another kind of question does not have is removed. */
  #kind(kind: string): void {
    const { choices, answer, tolerance, unit, report: _, ...rest } = this.value as Question;
    const own =
      kind === 'choice'
        ? { choices: choices ?? ['A', 'B'] }
        : kind === 'number'
          ? {
              ...(typeof answer === 'number' && { answer }),
              ...(tolerance !== undefined && { tolerance }),
              ...(unit && { unit }),
            }
          : {};
    this.#send({ ...rest, kind: kind as 'text', ...own } as Question);
  }

  #set(name: string, value: unknown): void {
    this.#send(withField(this.value, name, value));
  }

  #send(part: Part): void {
    this.dispatchEvent(new CustomEvent<Part>('part', { detail: part }));
  }
}
