/**
 * An assignment: the student's name is asked for first, since the seed may follow from it; then its questions are shown, whose answers
 * go into the file to hand in.
 */

import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Question } from '../base/engine';
import { language } from '../base/localized';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type AssignmentState, freeOptions } from './assigned';
import { HOST } from './host-text';
import { EMBED } from './text';

/** The longest answer that is taken. */
const MOST_CHARACTERS = 2000;

const date = (when: number): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'full', timeStyle: 'short' }).format(when);

@customElement('lab-assignment')
export class LabAssignmentCard extends LabElement {
  @property({ attribute: false }) assigned!: AssignmentState;
  /** Takes a name; resolves with what is wrong with it. */
  @property({ attribute: false }) name: (student: string) => Promise<string | null> = async () => null;
  @property({ attribute: false }) change: (path: string, value: number) => Promise<void> = async () => undefined;
  @property({ attribute: false }) forget: () => void = () => undefined;
  @state() private problem = '';

  static override styles = [
    base,
    controls,
    css`
      .card {
        display: grid;
        gap: 0.6rem;
      }
      .ask label {
        flex: 1 1 12rem;
      }
      .error {
        flex-basis: 100%;
      }
      ol {
        display: grid;
        gap: 0.8rem;
        padding-inline-start: 1.3rem;
      }
      [role='radiogroup'] label {
        display: flex;
        align-items: baseline;
        gap: 0.5rem;
        margin-top: 0.25rem;
      }
      [role='radiogroup'] input {
        width: auto;
        min-height: 0;
      }
      textarea {
        width: 100%;
      }
      .options label {
        flex: 0 1 12rem;
      }
      p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const { info, student } = this.assigned;
    return html`
      <section class="card" aria-labelledby="title">
        <h2 id="title">${EMBED.assignment.title(info.title)}</h2>
        ${this.#deadline()}
        ${student === null ? this.#ask() : this.#known(student)}
        ${student === null || info.questions.length === 0 ? nothing : this.#questions(info.questions)}
      </section>
    `;
  }

  #deadline() {
    const { deadline } = this.assigned.info;
    if (deadline === null || deadline === undefined) return nothing;
    const words = EMBED.assignment;
    const when = date(deadline * 1000);
    return html`<p class="small">${deadline * 1000 < Date.now() ? words.passed(when) : words.until(when)}</p>`;
  }

  #ask() {
    const words = EMBED.assignment;
    return html`
      <form class="ask" novalidate @submit=${this.#commit}>
        <label>
          <span>${words.name}</span>
          <input
            name="student"
            autocomplete="name"
            maxlength="200"
            aria-invalid=${this.problem ? 'true' : 'false'}
            aria-describedby="hint problem"
          />
        </label>
        <button class="primary">${words.begin}</button>
        <span id="problem" class="error small" role="alert" ?hidden=${!this.problem}>${this.problem}</span>
      </form>
      <p id="hint" class="small soft">${this.assigned.info.has_own_seeds ? words.seedHint : words.nameHint}</p>
    `;
  }

  #known(student: string) {
    const words = EMBED.assignment;
    const { info } = this.assigned;
    const { active } = this.lab.run;
    const options = freeOptions(info);
    return html`
      <p>
        ${words.by} <strong><bdi>${student}</bdi></strong>${info.has_own_seeds ? words.seed(info.experiment.seed ?? 0) : nothing}
        <button class="quiet small" ?disabled=${active} @click=${this.forget}>${words.other}</button>
      </p>
      ${
        options.length > 0
          ? html`<div class="ask options">
              ${options.map(
                ({ path, value }) => html`<label
                  ><span>${words.option(path)}</span
                  ><input
                    type="number"
                    step="any"
                    .value=${String(value)}
                    ?disabled=${active}
                    @change=${(event: Event) => this.#changed(path, event)}
                /></label>`,
              )}
            </div>`
          : nothing
      }
    `;
  }

  async #changed(path: string, { target }: Event): Promise<void> {
    const input = target as HTMLInputElement;
    const { valueAsNumber } = input;
    if (Number.isFinite(valueAsNumber)) await this.change(path, valueAsNumber);
    // What is no number or was refused does not stay in the field, since the run has the value from before.
    const used = freeOptions(this.assigned.info).find((option) => option.path === path);
    if (used) input.value = String(used.value);
  }

  #questions(questions: Question[]) {
    return html`<ol>
      ${questions.map((question) => html`<li>${this.#question(question)}</li>`)}
    </ol>`;
  }

  #question({ id, text, choices = [] }: Question) {
    const { answers } = this.assigned;
    const take = ({ target }: Event) => {
      answers[id] = (target as HTMLInputElement).value;
    };
    if (choices.length === 0) {
      return html`<label
        ><span>${text}</span
        ><textarea rows="2" maxlength=${MOST_CHARACTERS} .value=${answers[id] ?? ''} @input=${take}></textarea>
      </label>`;
    }
    return html`<div id="question-${id}">${text}</div>
      <div role="radiogroup" aria-labelledby="question-${id}">
      ${choices.map(
        (choice) => html`<label
          ><input type="radio" name=${`answer-${id}`} .value=${choice} ?checked=${answers[id] === choice} @change=${take} /><span
            >${choice}</span
          ></label
        >`,
      )}
      </div>`;
  }

  readonly #commit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const student = String(new FormData(event.target as HTMLFormElement).get('student') ?? '').trim();
    this.problem = student === '' ? HOST.nameNeeded : ((await this.name(student)) ?? '');
  };
}
