/** `<conv-lab>`: the whole lab in one element, or one view of it in a card. `LabHost` handles its lifecycle and attributes. */
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { droppedFiles, hasFiles } from './ui/dropped';
import './ui/copy-link';
import './run/kept-runs';
import './ui/messages';
import './ui/run-bar';
import './ui/setup';
import './ui/theme';
import { TABS, type Tab, toUrl } from './base/settings';
import { LabHost } from './embed/host';
import { EMBED } from './embed/text';
import type { Lab, Theme } from './lab/lab';
import { LOCKED } from './lab/text';
import { icons } from './ui/icons';
import { base } from './ui/styles/base';
import { controls } from './ui/styles/controls';
import { layout } from './ui/styles/layout';
import { tokens } from './ui/styles/tokens';
import { DROP_ZONE, PAGE } from './ui/text';
import { keptTheme } from './ui/theme';
import './run/view';

type Part = Tab | 'homework';

/** Parts that the first view does not need: their code is loaded when they are opened. */
const LATER: Partial<Record<Part, () => Promise<unknown>>> = {
  data: () => import('./data/view'),
  model: () => import('./model/view'),
  results: () => import('./results/view'),
  predictions: () => import('./predictions/view'),
  compare: () => import('./compare/view'),
  cost: () => import('./cost/view'),
  inside: () => import('./inside/view'),
  device: () => import('./device/view'),
  homework: () => Promise.all([import('./embed/guess'), import('./embed/hand-in')]),
};

/** Views of the run. Its experiment may be another one than the one shown. */
const OF_THE_RUN: readonly Tab[] = ['run', 'results', 'predictions', 'inside'];

@customElement('conv-lab')
export class ConvLab extends LabHost {
  @state() private dropping = false;
  /** Parts whose code is loaded. */
  @state() private loaded: ReadonlySet<Part> = new Set();

  #shownTab: Tab | undefined;

  static override styles = [tokens, base, controls, layout];

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
    this.#showTab();
    if (!this.page || this.lab?.phase !== 'ready') return;
    const address = location.pathname + toUrl(this.lab.settings) + location.hash;
    if (address !== location.pathname + location.search + location.hash) history.replaceState(null, '', address);
  }

  override render() {
    const { lab } = this;
    if (this.compact) {
      // Loaded on demand, since the page itself never shows a card.
      void import('./embed/card');
      return html`<lab-card
        .lab=${lab}
        .labUrl=${this.labUrl || LabHost.site}
        .asksGuess=${this.guess}
        .guessed=${this.guessed}
        .drawView=${(tab: Tab) => (lab ? this.#view(lab, tab) : nothing)}
        @guess=${({ detail }: CustomEvent<number>) => (this.guessed = detail)}
      ></lab-card>`;
    }
    if (!lab) return html`<p class="empty">${EMBED.waiting}</p>`;
    return html`
      <button class="skip" @click=${() => this.renderRoot.querySelector<HTMLElement>('main')?.focus()}>${PAGE.skip}</button>
      <header class="top">
        <h1>${logo}${PAGE.name}</h1>
        <span class="tagline soft">${PAGE.tagline}</span>
        ${
          this.page
            ? html`<nav aria-label=${PAGE.pages.label}>
                <a href="./course.html">${PAGE.pages.lesson}</a>
                <a href="./docs.html">${PAGE.pages.docs}</a>
              </nav>`
            : nothing
        }
        ${this.page ? html`<lab-copy-link @uncopied=${(event: CustomEvent<string>) => lab.messages.notice(event.detail)}></lab-copy-link>` : nothing}
        <lab-theme .value=${this.theme} @theme=${this.#themed}></lab-theme>
      </header>
      <div class="body">
        ${lab.phase === 'ready' && !this.locked ? html`<aside><lab-setup .lab=${lab}></lab-setup></aside>` : nothing}
        <div class="dock" role="region" aria-label=${PAGE.bar}>
          ${lab.phase === 'ready' && !this.#asks ? html`<lab-run-bar .lab=${lab}></lab-run-bar>` : nothing}
          <lab-messages kind="error" .lab=${lab}></lab-messages>
        </div>
        <main tabindex="-1">
          <lab-messages kind="notice" .lab=${lab}></lab-messages>
          ${lab.phase === 'ready' ? this.#views(lab) : this.#loading(lab)}
        </main>
      </div>
      <div class="visually-hidden" aria-live="polite">${lab.run.announcement}</div>
      ${this.dropping ? html`<div class="overlay"><div>${icons.upload}<strong>${DROP_ZONE.dropTitle}</strong></div></div>` : nothing}
    `;
  }

  #loading(lab: Lab) {
    if (lab.phase === 'loading') return html`<p class="card empty" role="status">${PAGE.loading}</p>`;
    return html`<div class="card empty"><button class="primary" @click=${() => this.restart()}>${PAGE.restart}</button></div>`;
  }

  #views(lab: Lab) {
    const { tab } = lab.settings;
    return html`
      ${this.locked || this.guess ? this.#homework(lab) : nothing}
      ${this.#asks ? nothing : html`<lab-kept-runs .lab=${lab}></lab-kept-runs>`}
      <div class="tabs" role="tablist" aria-label=${PAGE.views.label} @keydown=${this.#keys}>
        ${TABS.map(
          (name) => html`<button
            id="tab-${name}"
            role="tab"
            aria-selected=${name === tab}
            aria-controls="view"
            tabindex=${name === tab ? 0 : -1}
            @click=${() => lab.set({ tab: name })}
          >
            ${PAGE.views[name]}
          </button>`,
        )}
      </div>
      <section id="view" role="tabpanel" aria-labelledby="tab-${tab}">
        ${
          OF_THE_RUN.includes(tab) && lab.run.info && lab.run.title !== lab.title
            ? html`<p class="small of">${PAGE.of(lab.run.title, lab.title)}</p>`
            : nothing
        }
        ${this.#view(lab, tab)}
      </section>
    `;
  }

  /** Whether the student has still to guess: no run starts before that. */
  get #asks(): boolean {
    return this.guess && this.guessed === null;
  }

  /** The additions for a course: a locked experiment, a guess before the run, a file to hand in after it. */
  #homework(lab: Lab) {
    if (!this.#here('homework')) return nothing;
    return html`
      ${
        this.locked
          ? html`<section class="card">
              <header><h2>${lab.title}</h2><span class="badge">${LOCKED.badge}</span></header>
              <p class="small soft">${LOCKED.hint}</p>
            </section>`
          : nothing
      }
      ${
        this.guess
          ? html`<lab-guess
              .lab=${lab}
              .guessed=${this.guessed}
              @guess=${({ detail }: CustomEvent<number>) => (this.guessed = detail)}
            ></lab-guess>`
          : nothing
      }
      ${
        this.locked && lab.run.state === 'done'
          ? html`<lab-hand-in .lab=${lab} .guess=${this.guessed}></lab-hand-in>`
          : nothing
      }
    `;
  }

  /** Scrolls the selected tab to the middle, where the strip of tabs is wider than the lab. */
  #showTab(): void {
    const tab = this.lab?.settings.tab;
    const button = this.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`);
    const strip = button?.parentElement;
    if (!strip || tab === this.#shownTab) return;
    this.#shownTab = tab;
    strip.scrollLeft = button.offsetLeft - (strip.clientWidth - button.offsetWidth) / 2;
  }

  #view(lab: Lab, tab: Tab) {
    if (!this.#here(tab)) return html`<p class="card empty" role="status">${PAGE.loadingView}</p>`;
    switch (tab) {
      case 'run':
        return html`<lab-run-view .lab=${lab}></lab-run-view>`;
      case 'data':
        return html`<lab-data-view .lab=${lab}></lab-data-view>`;
      case 'model':
        return html`<lab-model-view .lab=${lab}></lab-model-view>`;
      case 'results':
        return html`<lab-results-view .lab=${lab}></lab-results-view>`;
      case 'compare':
        return html`<lab-compare-view .lab=${lab}></lab-compare-view>`;
      case 'cost':
        return html`<lab-cost-view .lab=${lab}></lab-cost-view>`;
      case 'predictions':
        return html`<lab-predictions-view .lab=${lab}></lab-predictions-view>`;
      case 'inside':
        return html`<lab-inside-view .lab=${lab}></lab-inside-view>`;
      case 'device':
        return html`<lab-device-view .lab=${lab}></lab-device-view>`;
    }
  }

  /** Whether a part can be rendered; if its code is not loaded yet, this loads it. */
  #here(part: Part): boolean {
    const load = LATER[part];
    if (!load || this.loaded.has(part)) return true;
    void load().then(
      () => {
        this.loaded = new Set([...this.loaded, part]);
      },
      (error: unknown) => this.lab?.messages.failure(error),
    );
    return false;
  }

  /** Arrow keys move along the tabs, Home and End go to either end (the ARIA pattern for tabs). */
  readonly #keys = (event: KeyboardEvent): void => {
    const { lab } = this;
    if (!lab) return;
    const at = TABS.indexOf(lab.settings.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = TABS.at(to % TABS.length) ?? 'run';
    lab.set({ tab });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`)?.focus());
  };

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
    if (files.length > 0) await this.lab?.addFiles(files);
  };
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
