/** All experiments in a dialog, grouped by data set: title, question, and a picture of the network. */
import { css, html, nothing, type SVGTemplateResult, svg } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { titleOf as titleOfSet } from '../base/datasets';
import type { Preset, Summary } from '../base/engine';
import { compact, integer } from '../base/format';
import { presetText } from '../base/localized';
import { layOut } from '../model/diagram';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { inline } from '../ui/markdown';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { EXPERIMENTS } from './text';

const [WIDTH, HEIGHT] = [240, 56];

@customElement('lab-experiments')
export class LabExperiments extends LabElement {
  @state() private presets: readonly Preset[] = [];
  @state() private summaries: ReadonlyMap<string, Summary> = new Map();
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    base,
    controls,
    css`
      dialog {
        width: min(72rem, calc(100vw - 2rem));
        max-height: calc(100dvh - 2rem);
        padding: 1.1rem 1.25rem 1.4rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--bg);
        color: var(--ink);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
      }
      h3 {
        margin: 1rem 0 0.5rem;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr));
        gap: 0.8rem;
      }
      .cards button {
        display: grid;
        align-content: start;
        justify-items: start;
        gap: 0.3rem;
        padding: 0.7rem 0.9rem 0.8rem;
        text-align: start;
        font-weight: 400;
        font-size: 0.87rem;
        border-color: var(--line);
      }
      .cards button[aria-current='true'] {
        border: 2px solid var(--accent);
      }
      .cards strong {
        font-size: 0.95rem;
      }
      svg.picture {
        width: 100%;
        height: ${HEIGHT}px;
      }
      .conv {
        fill: #0072b2;
      }
      .pool {
        fill: #009e73;
      }
      .dense {
        fill: #d55e00;
      }
      .other {
        fill: var(--line-strong);
      }
    `,
  ];

  override firstUpdated(): void {
    this.dialog.showModal();
    void this.#load();
  }

  override render() {
    return html`<dialog aria-label=${EXPERIMENTS.title} @close=${() => this.dispatchEvent(new CustomEvent('closed'))}>
      <div class="head">
        <h2>${EXPERIMENTS.title}</h2>
        <button class="small" aria-label=${EXPERIMENTS.close} @click=${() => this.dialog.close()}>${icons.close}</button>
      </div>
      ${groups(this.presets).map(
        ([name, presets]) => html`<h3>${name}</h3>
          <div class="cards">${presets.map((preset) => this.#card(preset))}</div>`,
      )}
    </dialog>`;
  }

  #card({ id, title, text }: Preset) {
    const summary = this.summaries.get(id);
    const isCurrent = !this.lab.experiments.current && this.lab.preset?.id === id;
    const [question = ''] = text.split(/\n{2,}/);
    return html`<button aria-current=${isCurrent ? 'true' : nothing} @click=${() => this.#choose(id)}>
      ${picture(summary)}
      <strong>${title}</strong>
      <span>${inline(question)}</span>
      ${
        summary
          ? html`<span class="soft number">${EXPERIMENTS.size(integer(summary.totals.params), compact(summary.totals.macs))}</span>`
          : nothing
      }
    </button>`;
  }

  #choose(id: string): void {
    this.dialog.close();
    void this.lab.experiments.choose({ kind: 'preset', id });
  }

  /** One picture after another, so that a run's questions are answered between them. */
  async #load(): Promise<void> {
    try {
      this.presets = (await this.lab.worker.presets()).map(presetText);
    } catch (error) {
      this.lab.messages.failure(error);
    }
    for (const { id, experiment } of this.presets) {
      if (!this.isConnected) return;
      try {
        const summary = await this.lab.worker.summary(experiment);
        this.summaries = new Map(this.summaries).set(id, summary);
      } catch {
        // A card without a picture is complete, too.
      }
    }
  }
}

function groups(presets: readonly Preset[]): [name: string, presets: Preset[]][] {
  const titleOf = ({ dataset }: Preset) => titleOfSet(dataset);
  const titles = [...new Set(presets.map(titleOf))];
  return titles.map((title) => [title, presets.filter((preset) => titleOf(preset) === title)]);
}

/** A bar for each block of the longest path: its height is the height of the output, its width the number of channels. */
function picture(summary: Summary | undefined): SVGTemplateResult {
  const blocks = summary
    ? layOut(summary, []).blocks.filter(({ row, class_name }) => row === 0 && class_name !== '')
    : [];
  const sizes = blocks.map(({ shape, type }) => ({
    high: shape.length === 1 ? 1 : (shape[0] ?? 1),
    wide: 3 + Math.log2((shape.at(-1) ?? 1) + 1) * 1.6,
    kind: type.includes('conv') ? 'conv' : type.includes('pool') ? 'pool' : type === 'dense' ? 'dense' : 'other',
  }));
  const tallest = Math.max(1, ...sizes.map(({ high }) => high));
  const total = sizes.reduce((sum, { wide }) => sum + wide + 3, 0);
  const scale = Math.min(1, WIDTH / Math.max(1, total));
  let x = 0;
  return svg`<svg class="picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMinYMax meet" aria-hidden="true">
    ${sizes.map(({ high, wide, kind }) => {
      const height = 5 + Math.sqrt(high / tallest) * (HEIGHT - 5);
      const bar = svg`<rect class=${kind} x=${x} y=${HEIGHT - height} width=${wide * scale} height=${height} rx="1" />`;
      x += (wide + 3) * scale;
      return bar;
    })}
  </svg>`;
}
