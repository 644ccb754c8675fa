/** `<conv-lab>`: the whole lab in one element, or one view of it in a card. `LabHost` handles its lifecycle and attributes. */
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { droppedFiles, hasFiles, isModelFile } from './ui/dropped';
import './ui/copy-link';
import './ui/language';
import './ui/messages';
import './ui/run-bar';
import './ui/setup';
import './ui/theme';
import type { Theme } from './base/platform';
import type { Tab } from './base/settings';
import { LabHost } from './embed/host';
import { HOST } from './embed/host-text';
import type { Lab } from './lab/lab';
import { LOCKED } from './lab/text';
import { Parts } from './parts';
import { icons } from './ui/icons';
import { base } from './ui/styles/base';
import { controls } from './ui/styles/controls';
import { layout } from './ui/styles/layout';
import { tabStyles } from './ui/styles/tabs';
import { tokens } from './ui/styles/tokens';
import { DROP_ZONE, PAGE } from './ui/text';
import { keptTheme } from './ui/theme';
import { tabId, ViewTabs } from './ui/view-tabs';

/** Views of the run. Its experiment may be another one than the one shown. */
const OF_THE_RUN: readonly Tab[] = ['run', 'results', 'predictions', 'inside', 'embedding'];

@customElement('conv-lab')
export class ConvLab extends LabHost {
  @state() private dropping = false;
  /** The dialog with all experiments is open. */
  @state() private browsing = false;
  readonly #parts = new Parts(this);
  readonly #tabs = new ViewTabs(this);

  static override styles = [tokens, base, controls, layout, tabStyles];

  override connectedCallback(): void {
    if (this.page) this.theme ||= keptTheme();
    super.connectedCallback();
    this.addEventListener('dragover', this.#over);
    this.addEventListener('dragleave', this.#leave);
    this.addEventListener('drop', this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('dragover', this.#over);
    this.removeEventListener('dragleave', this.#leave);
    this.removeEventListener('drop', this.#drop);
  }

  override updated(_changed: PropertyValues): void {
    if (!this.page || this.lab?.phase !== 'ready') return;
    const address = location.pathname + this.lab.address + location.hash;
    if (address !== location.pathname + location.search + location.hash) history.replaceState(null, '', address);
  }

  override render() {
    const { lab } = this;
    const { asked } = this;
    if (asked) {
      return this.#parts.show(
        'question',
        () => html`<lab-question .address=${asked.address} .answer=${asked.answer}></lab-question>`,
      );
    }
    if (this.compact) return this.#parts.show('card', () => this.#card());
    if (!lab) return html`<p class="empty">${HOST.waiting}</p>`;
    return html`
      <button class="skip" @click=${() => this.renderRoot.querySelector<HTMLElement>('main')?.focus()}>${PAGE.skip}</button>
      <header class="top">
        <h1>${logo}${PAGE.name}</h1>
        <span class="tagline soft">${PAGE.tagline}</span>
        ${
          this.page
            ? html`<nav aria-label=${PAGE.pages.label}>
                <a href="./lessons.html">${PAGE.pages.lesson}</a>
                <a href="./docs.html">${PAGE.pages.docs}</a>
              </nav>`
            : nothing
        }
        ${this.page ? html`<lab-copy-link @uncopied=${(event: CustomEvent<string>) => lab.messages.notice(event.detail)}></lab-copy-link>` : nothing}
        ${this.page ? html`<lab-language></lab-language>` : nothing}
        <lab-theme .value=${this.theme} @theme=${this.#themed}></lab-theme>
      </header>
      <div class="body">
        ${lab.phase === 'ready' && !lab.locked ? html`<aside><lab-setup .lab=${lab} @browse=${() => (this.browsing = true)}></lab-setup></aside>` : nothing}
        <div class="dock" role="region" aria-label=${PAGE.bar}>
          ${lab.phase === 'ready' && !this.#asks ? html`<lab-run-bar .lab=${lab}></lab-run-bar>` : nothing}
          <lab-messages kind="error" .lab=${lab}></lab-messages>
        </div>
        <main tabindex="-1">
          <lab-messages kind="notice" .lab=${lab}></lab-messages>
          ${lab.phase === 'ready' ? this.#views(lab) : this.#loading(lab)}
        </main>
      </div>
      ${this.browsing ? this.#parts.show('experiments', () => html`<lab-experiments .lab=${lab} @closed=${() => (this.browsing = false)}></lab-experiments>`) : nothing}
      <div class="visually-hidden" aria-live="polite">${lab.run.announcement}</div>
      ${this.dropping ? html`<div class="overlay"><div>${icons.upload}<strong>${DROP_ZONE.dropTitle}</strong></div></div>` : nothing}
    `;
  }

  #card() {
    const { lab } = this;
    return html`<lab-card
      .lab=${lab}
      .labUrl=${this.fullLab}
      .asksGuess=${this.asksGuess}
      .asksName=${this.asksName}
      .assigned=${this.assigned}
      .drawAssignment=${() => this.#assignment()}
      .guessed=${this.guessed}
      .answers=${this.answers}
      .about=${this.about}
      .drawView=${(tab: Tab) => (lab ? this.#view(lab, tab) : nothing)}
      @guess=${({ detail }: CustomEvent<number>) => (this.guessed = detail)}
      @restart=${() => this.restart()}
    ></lab-card>`;
  }

  #loading(lab: Lab) {
    // Most labs open with this view.
    this.#parts.load('run');
    if (lab.phase === 'loading') return html`<p class="card empty" role="status">${PAGE.loading}</p>`;
    return html`<div class="card empty"><button class="primary" @click=${() => this.restart()}>${PAGE.restart}</button></div>`;
  }

  /** What can be resumed, where there is something. */
  #kept(lab: Lab) {
    const { offers, discarded } = lab.kept;
    if (offers.length === 0 && discarded === null) return nothing;
    return this.#parts.show('kept', () => html`<lab-kept-runs .lab=${lab}></lab-kept-runs>`);
  }

  #views(lab: Lab) {
    const { tab } = lab.settings;
    return html`
      ${lab.locked || this.asksGuess ? this.#parts.show('homework', () => this.#homework(lab)) : nothing}
      ${this.#asks ? nothing : this.#kept(lab)}
      ${this.#tabs.render(tab, (name) => lab.set({ tab: name }))}
      <section id="view" role="tabpanel" aria-labelledby=${tabId(tab)}>
        ${
          OF_THE_RUN.includes(tab) && lab.run.info && lab.run.title !== lab.title
            ? html`<p class="small of">${PAGE.of(lab.run.title, lab.title)}</p>`
            : nothing
        }
        ${this.#view(lab, tab)}
      </section>
    `;
  }

  /** Whether the student has still to give a name or a guess: no run starts before that. */
  get #asks(): boolean {
    return this.asksName || (this.asksGuess && this.guessed === null);
  }

  /** The additions for a course: a locked experiment, a guess before the run, a file to hand in after it. */
  #homework(lab: Lab) {
    return html`
      ${
        lab.locked
          ? html`<section class="card">
              <header><h2>${lab.title}</h2><span class="badge">${LOCKED.badge}</span></header>
              <p class="small soft">${LOCKED.hint}</p>
            </section>`
          : nothing
      }
      ${this.#assignment()}
      ${
        this.asksGuess && !this.asksName
          ? html`<lab-guess
              .lab=${lab}
              .guessed=${this.guessed}
              @guess=${({ detail }: CustomEvent<number>) => (this.guessed = detail)}
            ></lab-guess>`
          : nothing
      }
      ${
        lab.locked && !this.asksName && lab.run.state === 'done'
          ? html`<lab-hand-in
              .lab=${lab}
              .guess=${this.guessed}
              .answers=${this.answers}
              .assigned=${this.assigned}
            ></lab-hand-in>`
          : nothing
      }
    `;
  }

  #assignment() {
    const { lab, assigned } = this;
    if (!lab || !assigned) return nothing;
    return this.#parts.show(
      'assignment',
      () => html`<lab-assignment
        .lab=${lab}
        .assigned=${assigned}
        .name=${this.takeName}
        .change=${this.takeOption}
        .forget=${this.forgetName}
      ></lab-assignment>`,
    );
  }

  #view(lab: Lab, tab: Tab) {
    if (this.compact && tab === 'run') {
      return this.#parts.show('card-curves', () => html`<lab-curves .lab=${lab}></lab-curves>`);
    }
    return this.#parts.show(tab, () => viewOf(lab, tab));
  }

  readonly #themed = ({ detail }: CustomEvent<Theme>): void => {
    this.theme = detail;
    this.lab?.setTheme(detail);
  };

  readonly #over = (event: DragEvent): void => {
    if (!hasFiles(event.dataTransfer)) return;
    // A part of the page may handle the file itself.
    this.dropping = !event.defaultPrevented;
    event.preventDefault();
  };

  readonly #leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.dropping = false;
  };

  readonly #drop = async (event: DragEvent): Promise<void> => {
    const { dataTransfer } = event;
    this.dropping = false;
    if (!dataTransfer || !hasFiles(dataTransfer) || event.defaultPrevented) return;
    event.preventDefault();
    const files = await droppedFiles(dataTransfer);
    const [first] = files;
    const { lab } = this;
    if (!lab || !first) return;
    if (files.length > 1 || !(await isModelFile(first))) return lab.addFiles(files);
    await lab.messages.attempt(async () => {
      const { importModel } = await import('./lab/import-model');
      await importModel(lab, first);
    });
  };
}

function viewOf(lab: Lab, tab: Tab) {
  switch (tab) {
    case 'run':
      return html`<lab-run-view .lab=${lab}>
        ${lab.run.state === 'done' ? html`<lab-next slot="next" .lab=${lab}></lab-next>` : nothing}
        <lab-live .lab=${lab}></lab-live>
      </lab-run-view>`;
    case 'data':
      return html`<lab-data-view .lab=${lab}></lab-data-view>`;
    case 'model':
      return html`<lab-model-view .lab=${lab}></lab-model-view>`;
    case 'results':
      return html`<lab-results-view .lab=${lab}></lab-results-view>`;
    case 'compare':
      return html`<lab-compare-view .lab=${lab}></lab-compare-view>`;
    case 'search':
      return html`<lab-search-view .lab=${lab}></lab-search-view>`;
    case 'cost':
      return html`<lab-cost-view .lab=${lab}></lab-cost-view>`;
    case 'predictions':
      return html`<lab-predictions-view .lab=${lab}></lab-predictions-view>`;
    case 'inside':
      return html`<lab-inside-view .lab=${lab}></lab-inside-view>`;
    case 'embedding':
      return html`<lab-embedding-view .lab=${lab}></lab-embedding-view>`;
    case 'device':
      return html`<lab-device-view .lab=${lab}></lab-device-view>`;
  }
}

const logo = html`<svg viewBox="0 0 32 32" aria-hidden="true">
  <rect x="3" y="3" width="8" height="8" rx="2" fill="#440154" />
  <rect x="12" y="3" width="8" height="8" rx="2" fill="#3b528b" />
  <rect x="21" y="3" width="8" height="8" rx="2" fill="#21918c" />
  <rect x="3" y="12" width="8" height="8" rx="2" fill="#3b528b" />
  <rect x="12" y="12" width="8" height="8" rx="2" fill="#fde725" />
  <rect x="21" y="12" width="8" height="8" rx="2" fill="#5ec962" />
  <rect x="3" y="21" width="8" height="8" rx="2" fill="#21918c" />
  <rect x="12" y="21" width="8" height="8" rx="2" fill="#5ec962" />
  <rect x="21" y="21" width="8" height="8" rx="2" fill="#21918c" />
</svg>`;
