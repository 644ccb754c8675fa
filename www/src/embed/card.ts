/**
 * The compact lab: one card with the run bar, one view, and the additions for a course (a guess before, a file to hand in after).
 */

import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { COUNTED } from '../base/text';
import { BoundedElement } from '../ui/bounded';
import '../ui/drop-zone';
import '../ui/messages';
import '../ui/run-bar';
import { integer } from '../base/format';
import { type Tab, toUrl } from '../base/settings';
import type { Lab } from '../lab/lab';
import { LOCKED } from '../lab/text';
import { inline, markdown } from '../ui/markdown';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { PAGE } from '../ui/text';
import type { AssignmentState } from './assigned';
import type { Answers } from './hand-in-file';
import { HOST } from './host-text';
import { EMBED } from './text';
import './guess';
import './hand-in';

/** Sends `restart` when the student wants another engine in place of one that has stopped. */
@customElement('lab-card')
export class LabCard extends BoundedElement {
  @property({ attribute: false }) lab: Lab | null = null;
  @property() labUrl = '';
  @property({ type: Boolean }) asksGuess = false;
  /** Whether an assignment waits for the student's name. */
  @property({ type: Boolean }) asksName = false;
  @property({ attribute: false }) assigned: AssignmentState | null = null;
  /** Renders the assignment. */
  @property({ attribute: false }) drawAssignment: () => unknown = () => nothing;
  /** Renders a view, as in the whole lab. */
  @property({ attribute: false }) drawView: (tab: Tab) => unknown = () => nothing;
  @property({ attribute: false }) guessed: number | null = null;
  @property({ attribute: false }) answers: Answers | null = null;
  /** How much of the experiment's text is shown. */
  @property() about = '';
  #unsubscribe: (() => void) | null = null;

  static override styles = [
    base,
    controls,
    css`
      section.frame {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.9rem;
        padding: 1rem;
        border: 1px solid var(--line-strong);
        border-radius: 16px;
        background: var(--bg);
        min-height: 12rem;
        align-content: start;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.35rem 0.6rem;
        padding-inline: 0.25rem;
      }
      .title {
        font-weight: 650;
        font-size: 1.05rem;
        letter-spacing: -0.01em;
        margin-inline-end: auto;
      }
      .open {
        font-size: 0.87rem;
      }
      .about {
        display: grid;
        gap: 0.5rem;
        padding-inline: 0.25rem;
        font-size: 0.92rem;
        overflow-wrap: anywhere;
      }
      .rest {
        display: grid;
        gap: 0.6rem;
        padding-top: 0.5rem;
      }
      .rest :is(ul, ol) {
        padding-inline-start: 1.2rem;
      }
      lab-messages {
        position: sticky;
        top: 0.5rem;
        z-index: 5;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('lab')) return;
    this.#unsubscribe?.();
    this.#unsubscribe = this.lab?.subscribe(() => this.requestUpdate()) ?? null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  override render() {
    const { lab } = this;
    if (lab?.phase !== 'ready') return this.#waiting(lab);
    return html`
      <section class="frame" aria-label=${EMBED.label(lab.title)}>
        ${this.#header(lab)}
        <lab-messages .lab=${lab}></lab-messages>
        ${this.#about(lab)}
        ${this.drawAssignment()}
        ${this.asksGuess && !this.asksName ? html`<lab-guess .lab=${lab} .guessed=${this.guessed}></lab-guess>` : nothing}
        ${this.asksName || (this.asksGuess && this.guessed === null) ? nothing : html`<lab-run-bar .lab=${lab}></lab-run-bar>`}
        ${lab.data.wantsFiles && !lab.isCostSheet && lab.settings.tab !== 'data' ? html`<lab-drop-zone .lab=${lab}></lab-drop-zone>` : nothing}
        ${this.#view(lab)}
        ${lab.locked && !this.asksName && lab.run.state === 'done' ? html`<lab-hand-in .lab=${lab} .guess=${this.guessed} .answers=${this.answers} .assigned=${this.assigned}></lab-hand-in>` : nothing}
        <div class="visually-hidden" aria-live="polite">${lab.run.announcement}</div>
      </section>
    `;
  }

  #waiting(lab: Lab | null) {
    if (lab?.phase === 'broken') {
      return html`
        <section class="frame">
          <lab-messages .lab=${lab}></lab-messages>
          <div class="empty">
            <button class="primary" @click=${() => this.dispatchEvent(new CustomEvent('restart'))}>${PAGE.restart}</button>
          </div>
        </section>
      `;
    }
    return html`
      <section class="frame"><p class="empty" role="status">${lab === null ? HOST.waiting : EMBED.loading}</p></section>
    `;
  }

  #header(lab: Lab) {
    const epochs = lab.experiment?.epochs;
    return html`
      <header>
        <span class="title">${lab.title}</span>
        ${lab.locked ? html`<span class="badge" title=${LOCKED.hint}>${LOCKED.badge}</span>` : nothing}
        ${lab.summary ? html`<span class="badge">${EMBED.parameters(integer(lab.summary.totals.params))}</span>` : nothing}
        ${epochs ? html`<span class="badge">${COUNTED.epochs(epochs)}</span>` : nothing}
        ${
          this.labUrl && !lab.custom
            ? html`<a class="open" href=${new URL(toUrl(lab.settings), this.labUrl).href} target="_blank" rel="noopener">${EMBED.open}</a>`
            : nothing
        }
      </header>
    `;
  }

  #about(lab: Lab) {
    const text = (lab.custom ?? lab.preset?.experiment)?.text ?? '';
    const [question, ...rest] = shownText(text, this.about, this.asksGuess && lab.run.state !== 'done');
    if (!question) return nothing;
    return html`<div class="about">
      <p>${inline(question)}</p>
      ${
        rest.length > 0
          ? html`<details>
              <summary>${EMBED.about}</summary>
              <div class="rest">${markdown(rest.join('\n\n'))}</div>
            </details>`
          : nothing
      }
    </div>`;
  }

  #view(lab: Lab) {
    const { tab } = lab.settings;
    return this.drawView(tab);
  }
}

/** Paragraphs that give figures away: what the source reached, and what we found. */
const FIGURES = /^\*\*(We found|The source)/;

/** The paragraphs of an experiment's text that are shown; those with figures wait until a guess has been tried. */
export function shownText(text: string, about: string, isGuessing: boolean): string[] {
  if (about === 'none') return [];
  const all = text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  if (about === 'question') return all.slice(0, 1);
  return isGuessing ? all.filter((paragraph) => !FIGURES.test(paragraph)) : all;
}
