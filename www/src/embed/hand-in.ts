/** Downloads the file to hand in after a locked run. */

import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { COUNTED } from '../base/text';

import { download } from '../lab/download';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type AssignmentState, given } from './assigned';
import { type Answers, hasAnswers } from './hand-in-file';
import { EMBED } from './text';

@customElement('lab-hand-in')
export class LabHandIn extends LabElement {
  @property({ attribute: false }) guess: number | null = null;
  @property({ attribute: false }) answers: Answers | null = null;
  /** The assignment, which knows the name and the answers. */
  @property({ attribute: false }) assigned: AssignmentState | null = null;
  @state() private preparing = false;

  static override styles = [
    base,
    controls,
    css`
      label {
        flex: 1 1 12rem;
      }
    `,
  ];

  override render() {
    const words = EMBED.handIn;
    return html`
      <div class="card">
        <strong>${words.title}</strong>
        <p class="small">${words.text} ${this.lab.run.info?.build === 'simd128' ? words.portable : ''}</p>
        <form class="ask" @submit=${this.#save}>
          ${
            this.assigned
              ? nothing
              : html`<label><span>${words.name}</span><input name="student" autocomplete="name" required pattern=".*\\S.*" /></label>`
          }
          <button class="primary" ?disabled=${this.preparing}>
            ${icons.download}${this.preparing ? words.preparing : words.button}
          </button>
        </form>
        ${this.#unanswered()}
      </div>
    `;
  }

  #unanswered() {
    const { assigned } = this;
    const open = assigned ? assigned.info.questions.length - Object.keys(given(assigned)).length : 0;
    return open > 0 ? html`<p class="small soft">${EMBED.assignment.open(COUNTED.questions(open))}</p>` : nothing;
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { assigned } = this;
    const entered = new FormData(event.target as HTMLFormElement).get('student');
    const student = assigned?.student ?? String(entered ?? '').trim();
    const answers = { ...this.answers, ...(assigned && given(assigned)) };
    this.preparing = true;
    try {
      const { format, version, ...rest } = await this.lab.worker.submission();
      const own = {
        ...(student && { student }),
        ...(this.guess !== null && { guess: this.guess }),
        ...(hasAnswers(answers) && { answers }),
      };
      const file = { format, version, ...own, ...rest };
      const who = student.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
      const name = [rest.experiment.name, who, 'submission'].filter(Boolean).join('-');
      download(`${name}.json`, 'application/json', `${JSON.stringify(file, null, 2)}\n`);
    } catch (error) {
      this.lab.messages.failure(error);
    }
    this.preparing = false;
  };
}
