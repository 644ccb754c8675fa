/** The download of a known set, asked for before it begins, with progress and a way to end it. */
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { fileSize } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import type { Source } from '../worker/protocol';
import { hostOf, sourcesOf } from './sources';
import { GET } from './text';

@customElement('lab-get-set')
export class LabGetSet extends LabElement {
  /** The set whose download is being asked for. */
  @state() private asking: string | null = null;
  /** The student has just agreed to a download, which has not begun yet. */
  #hasAgreed = false;
  @query('button') private firstButton!: HTMLButtonElement | null;

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        gap: 0.6rem;
        margin-bottom: 1rem;
      }
    `,
  ];

  /** Once the download begins, the focus goes to the button that cancels it. */
  override updated(): void {
    if (!this.#hasAgreed || this.lab.data.fetching === null) return;
    this.#hasAgreed = false;
    this.firstButton?.focus();
  }

  override render() {
    const { data } = this.lab;
    if (data.fetching !== null) {
      return html`<section>
        <p class="small" role="status">${GET.fetching(data.fetching)}</p>
        <div><button @click=${() => data.cancelFetch()}>${GET.cancel}</button></div>
      </section>`;
    }
    const sources = sourcesOf(data.name, data.sources);
    const [first] = sources;
    if (!first) return nothing;
    const what = this.#size(first) ? GET.sizeFrom(this.#size(first), hostOf(first)) : hostOf(first);
    if (this.asking !== data.name) {
      return html`<section>
        <div><button ?disabled=${data.busy} @click=${() => this.#turn(data.name)}>${GET.get(data.title, what)}</button></div>
      </section>`;
    }
    const others = [...new Set(sources.slice(1).map(hostOf))].filter((host) => host !== hostOf(first));
    return html`<section role="group" aria-label=${GET.get(data.title, what)}>
      <p class="small">${GET.consent(what, others)}</p>
      <div class="row">
        <button @click=${() => this.#fetch(sources)}>${GET.confirm}</button>
        <button class="quiet" @click=${() => this.#turn(null)}>${GET.refuse}</button>
      </div>
    </section>`;
  }

  /** Empty if it is not known. */
  #size({ bytes }: Source): string {
    return bytes ? fileSize(bytes) : '';
  }

  /** Shows the question, or takes it away. The pressed button is gone then, so the focus goes to the first one that is there. */
  async #turn(asking: string | null): Promise<void> {
    this.asking = asking;
    await this.updateComplete;
    this.firstButton?.focus();
  }

  #fetch(sources: Source[]): void {
    this.asking = null;
    this.#hasAgreed = true;
    void this.lab.fetchSources(sources);
  }
}
