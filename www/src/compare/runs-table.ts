/** The table of saved runs: select, download and delete them, or load more from files. */

import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { integer, percent } from '../base/format';
import { language } from '../base/localized';
import { epochCount, runName, type SavedRun } from '../lab/saved-run';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import '../ui/report-form';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import type { Group } from './compare';
import { runColor } from './run-colors';
import './run-notes';
import { COMPARE } from './text';

/** With more runs than these they can be filtered. */
const FEW = 4;

/** Whether a run's own words have the text. */
function has(run: SavedRun, text: string): boolean {
  const words = [runName(run), run.experiment.title ?? '', ...(run.tags ?? []), run.notes ?? ''].join('\n');
  return words.toLowerCase().includes(text.trim().toLowerCase());
}

const moment = (savedAt: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(savedAt));

@customElement('lab-runs-table')
export class LabRunsTable extends LabElement {
  /** The runs in the order of the curves, for their colours. */
  @property({ attribute: false }) groups: Group[] = [];
  /** The run whose notes are open. */
  @state() private open = '';
  @state() private filter = '';
  /** The run whose report is open. */
  @state() private reported = '';
  @query('input[type=file]') private picker!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    tables,
    css`
      :host {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
      }
      .tall {
        --tall: 22rem;
      }
      td.actions {
        padding-block: 0.15rem;
      }
      td.actions button {
        min-height: 2rem;
        padding: 0.2rem 0.5rem;
        border-color: transparent;
        background: none;
        color: var(--ink-soft);
      }
      .filter {
        display: block;
        margin-bottom: 0.7rem;
      }
      .removed {
        margin-top: 0.7rem;
      }
      .swatch {
        display: inline-block;
        width: 1em;
        border-top: 3px solid var(--color);
        vertical-align: middle;
        margin-inline-start: 0.5em;
      }
      tbody th {
        white-space: normal;
        min-width: 6rem;
      }
      small {
        display: block;
        font-weight: 400;
        color: var(--ink-soft);
      }
      @container (max-width: 44rem) {
        .minor {
          display: none;
        }
      }
      @container (max-width: 34rem) {
        .detail {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const { run, runs } = this.lab;
    const reported = runs.list.find(({ id }) => id === this.reported);
    const canPin = run.info !== null && run.log.epochs.length > 0;
    return html`
      <section class="card">
        <header>
          <h2>${COMPARE.title}</h2>
          <div class="row">
            <button class="small" ?disabled=${!canPin} @click=${() => runs.keep(run, true)}>${icons.pin}${COMPARE.pinNow}</button>
            <button class="small" @click=${() => this.picker.click()}>${icons.upload}${COMPARE.load}</button>
          </div>
        </header>
        ${
          runs.list.length > FEW
            ? html`<label class="filter">
                <span>${COMPARE.filter}</span>
                <input
                  type="search"
                  autocomplete="off"
                  .value=${this.filter}
                  @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
                />
              </label>`
            : nothing
        }
        ${runs.list.length > 0 ? this.#table(runs.list.filter((run) => has(run, this.filter))) : nothing}
        ${
          runs.removed
            ? html`<p class="small removed" role="status">
                ${COMPARE.removed(runName(runs.removed))}
                <button class="quiet small" @click=${() => runs.restore()}>${icons.undo}${COMPARE.undo}</button>
              </p>`
            : nothing
        }
        <input
          type="file"
          accept=".json,application/json"
          multiple
          hidden
          aria-label=${COMPARE.load}
          @change=${this.#load}
        />
      </section>
      ${reported ? html`<lab-report-form .lab=${this.lab} .run=${reported}></lab-report-form>` : nothing}
    `;
  }

  override updated(): void {
    for (const swatch of this.renderRoot.querySelectorAll<HTMLElement>('.swatch')) {
      swatch.style.setProperty('--color', `var(${swatch.dataset.color})`);
    }
  }

  #table(list: readonly SavedRun[]) {
    const names = COMPARE.columns;
    return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${COMPARE.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">${names.pinned}</th>
            <th scope="col" class="text">${names.run}</th>
            <th scope="col">${names.seed}</th>
            <th scope="col" class="detail">${names.epochs}</th>
            <th scope="col">${names.test}</th>
            <th scope="col" class="minor">${names.when}</th>
            <th scope="col">${names.actions}</th>
          </tr>
        </thead>
        <tbody>
          ${list.map((run) => this.#row(run))}
        </tbody>
      </table>
    </div>`;
  }

  #row(run: SavedRun) {
    const name = runName(run);
    const title = `${name}, ${COMPARE.seedOf(run.seed)}`;
    const isOpen = this.open === run.id;
    const place = this.groups.findIndex(({ runs }) => runs.some(({ id }) => id === run.id));
    const { runs } = this.lab;
    return html`<tr>
      <td>
        <input
          type="checkbox"
          aria-label=${COMPARE.pin(title)}
          .checked=${run.pinned}
          @change=${(event: Event) => runs.pin(run.id, (event.target as HTMLInputElement).checked)}
        />${place >= 0 ? html`<i class="swatch" data-color=${runColor(place)}></i>` : nothing}
      </td>
      <th scope="row" class="text">
        ${name}
        <small class="minor">${run.experiment.title}</small>
        ${run.tags?.map((tag) => html`<span class="badge">${tag}</span> `)}
        ${run.complete ? nothing : html`<span class="badge warn">${COMPARE.unfinished}</span>`}
      </th>
      <td>${run.seed}</td>
      <td class="detail">${integer(epochCount(run))}</td>
      <td>${run.test ? percent(run.test.test_accuracy, 2) : COMPARE.none}</td>
      <td class="minor">${moment(run.saved_at)}</td>
      <td class="actions">
        <button
          aria-label=${COMPARE.reportOf(title)}
          title=${COMPARE.reportOf(title)}
          @click=${() => (this.reported = this.reported === run.id ? '' : run.id)}
        >
          ${icons.report}</button
        ><button aria-label=${COMPARE.edit(title)} aria-expanded=${isOpen} @click=${() => (this.open = isOpen ? '' : run.id)}>
          ${icons.pencil}</button
        ><button aria-label=${COMPARE.download(title)} @click=${() => runs.save(run)}>${icons.download}</button
        ><button aria-label=${COMPARE.remove(title)} @click=${() => runs.remove(run.id)}>${icons.trash}</button>
      </td>
    </tr>${isOpen ? html`<tr><td colspan="7"><lab-run-notes .lab=${this.lab} .run=${run}></lab-run-notes></td></tr>` : nothing}`;
  }

  readonly #load = async (): Promise<void> => {
    const files = [...(this.picker.files ?? [])];
    this.picker.value = '';
    await this.lab.runs.load(files);
  };
}
