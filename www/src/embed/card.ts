/**
 * The compact lab: one card with the run bar, one view, and the additions for a course (a guess before, a file to hand in after).
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../ui/drop-zone';
import '../ui/messages';
import '../ui/run-bar';
import { integer, plural } from '../base/format';
import { type Tab, toUrl } from '../base/settings';
import type { Lab } from '../lab/lab';
import { LOCKED } from '../lab/text';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { EMBED } from './text';
import './curves';
import './guess';
import './hand-in';

@customElement('lab-card')
export class LabCard extends LitElement {
  @property({ attribute: false }) lab: Lab | null = null;
  @property() labUrl = '';
  @property({ type: Boolean }) asksGuess = false;
  /** Renders any view but the run view, as in the whole lab. */
  @property({ attribute: false }) drawView: (tab: Tab) => unknown = () => nothing;
  @property({ attribute: false }) guessed: number | null = null;
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
        margin-right: auto;
      }
      .open {
        font-size: 0.87rem;
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
        ${this.asksGuess ? html`<lab-guess .lab=${lab} .guessed=${this.guessed}></lab-guess>` : nothing}
        ${this.asksGuess && this.guessed === null ? nothing : html`<lab-run-bar .lab=${lab}></lab-run-bar>`}
        ${lab.data.wantsFiles && !lab.isCostSheet && lab.settings.tab !== 'data' ? html`<lab-drop-zone .lab=${lab}></lab-drop-zone>` : nothing}
        ${this.#view(lab)}
        ${lab.locked && lab.run.state === 'done' ? html`<lab-hand-in .lab=${lab} .guess=${this.guessed}></lab-hand-in>` : nothing}
        <div class="visually-hidden" aria-live="polite">${lab.run.announcement}</div>
      </section>
    `;
  }

  #waiting(lab: Lab | null) {
    const text = lab === null ? EMBED.waiting : EMBED.loading;
    return html`
      <section class="frame">
        ${lab?.phase === 'broken' ? html`<lab-messages .lab=${lab}></lab-messages>` : html`<p class="empty" role="status">${text}</p>`}
      </section>
    `;
  }

  #header(lab: Lab) {
    const epochs = lab.experiment?.epochs;
    return html`
      <header>
        <span class="title">${lab.title}</span>
        ${lab.locked ? html`<span class="badge" title=${LOCKED.hint}>${LOCKED.badge}</span>` : nothing}
        ${lab.summary ? html`<span class="badge">${EMBED.parameters(integer(lab.summary.totals.params))}</span>` : nothing}
        ${epochs ? html`<span class="badge">${plural(epochs, 'epoch')}</span>` : nothing}
        ${
          this.labUrl && !lab.custom
            ? html`<a class="open" href=${this.labUrl + toUrl(lab.settings)} target="_blank" rel="noopener">${EMBED.open}</a>`
            : nothing
        }
      </header>
    `;
  }

  #view(lab: Lab) {
    const { tab } = lab.settings;
    return tab === 'run' ? html`<lab-curves .lab=${lab}></lab-curves>` : this.drawView(tab);
  }
}
