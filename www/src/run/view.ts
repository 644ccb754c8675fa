/** The run view: figures, curves, the table of epochs, and the device that runs it. */

import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { phrase } from '../base/localized';
import { LabElement } from '../ui/lab-element';
import './controls';
import './curves';
import type { EpochEvent, SessionInfo } from '../base/engine';
import { integer, loss, percent, rate, ratio, small } from '../base/format';
import { lastPage, pageOf, pager, pagerStyles } from '../ui/pager';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { ENGINES, EPOCHS, TILES } from '../ui/text';
import { type Tile, tileStyles, tiles } from '../ui/tiles';
import { RUN } from './text';

@customElement('lab-run-view')
export class LabRunView extends LabElement {
  /** The page of the table of epochs; null for the last one. */
  @state() private page: number | null = null;

  static override styles = [
    base,
    tables,
    tileStyles,
    controls,
    pagerStyles,
    css`
      /* The curves, and beside them what the network sees. Their contents are laid out by their own widths. */
      .watch {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.1rem;
        align-items: start;
      }
      lab-run-curves,
      .watch ::slotted(*) {
        container-type: inline-size;
      }
      @container (min-width: 50rem) {
        .watch:has(lab-run-curves) {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr);
        gap: 1.1rem;
        align-items: start;
      }
      dl.facts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 0.5rem 1.4rem;
        font-size: 0.92rem;
      }
      dl.facts dt {
        color: var(--ink-soft);
        font-size: 0.82rem;
      }
      .best {
        background: var(--accent-soft);
      }
      @container (max-width: 68rem) {
        .pair {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @container (max-width: 34rem) {
        .minor {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    return html`
      <div class="stack">
        <slot name="next"></slot>
        ${run.info ? tiles(this.#tiles()) : nothing}
        <div class="watch">
          ${run.info ? html`<lab-run-curves .lab=${this.lab}></lab-run-curves>` : nothing}
          <slot></slot>
        </div>
        ${
          run.info && (run.active || run.changes.length > 0)
            ? html`<lab-run-controls .lab=${this.lab}></lab-run-controls>`
            : nothing
        }
        ${run.info ? html`<div class="pair">${this.#epochs()} ${this.#device(run.info)}</div>` : nothing}
      </div>
    `;
  }

  #tiles(): Tile[] {
    const { run } = this.lab;
    const { step, lastEpoch, result } = run;
    const names = TILES;
    const batch = run.experiment?.batch_size ?? 0;
    const list: Tile[] = [
      { name: names.accuracy, value: step ? percent(step.accuracy) : '–', kind: 'train' },
      { name: names.loss, value: loss(step?.loss), kind: 'train' },
      {
        name: names.valAccuracy,
        value: lastEpoch?.val_accuracy === undefined ? '–' : percent(lastEpoch.val_accuracy),
        kind: 'validation',
      },
      { name: names.valLoss, value: loss(lastEpoch?.val_loss), kind: 'validation' },
      {
        name: names.speed,
        value: step ? rate(step.images_per_s) : '–',
        ...(step && step.images_per_s > 0 && { note: RUN.stepTime(rate((1000 * batch) / step.images_per_s)) }),
      },
    ];
    if (result) list.unshift({ name: names.testAccuracy, value: percent(result.accuracy, 2) });
    return list;
  }

  #epochs() {
    const { epochs, bestEpoch: best } = this.lab.run.log;
    const names = EPOCHS;
    const validated = epochs.some((row) => row.val_loss !== undefined);
    const last = lastPage(epochs.length);
    const page = this.page ?? last;
    return html`
      <section class="card">
        <header>
          <h2>${names.title}</h2>
          ${best !== null && epochs.length > 1 ? html`<span class="badge">${names.best} ${best}</span>` : nothing}
        </header>
        <div class="scroll tall epochs" tabindex="0" role="region" aria-label=${names.title}>
          <table>
            <thead>
              <tr>
                <th scope="col">${names.epoch}</th>
                <th scope="col">${names.loss}</th>
                <th scope="col">${names.accuracy}</th>
                ${validated ? html`<th scope="col">${names.valLoss}</th><th scope="col">${names.valAccuracy}</th>` : nothing}
                <th scope="col" class="minor">${names.rate}</th>
                <th scope="col" class="minor">${names.seconds}</th>
              </tr>
            </thead>
            <tbody>
              ${pageOf(epochs, page).map((row) => this.#row(row, validated, row.epoch === best))}
            </tbody>
          </table>
        </div>
        ${pager(epochs.length, page, (to) => (this.page = to === last ? null : to))}
      </section>
    `;
  }

  #row(row: EpochEvent, validated: boolean, best: boolean) {
    return html`<tr class=${best ? 'best' : ''}>
      <th scope="row">${row.epoch}</th>
      <td>${loss(row.loss)}</td>
      <td>${ratio(row.accuracy)}</td>
      ${validated ? html`<td>${loss(row.val_loss)}</td><td>${ratio(row.val_accuracy)}</td>` : nothing}
      <td class="minor">${small(row.learning_rate)}</td>
      <td class="minor">${this.lab.texts.duration(row.seconds)}</td>
    </tr>`;
  }

  #device(info: SessionInfo) {
    const { stoppedEarly, log } = this.lab.run;
    const names = RUN.device;
    const samples = RUN.samples(
      integer(info.train_samples),
      integer(info.validation_samples),
      integer(info.test_samples),
    );
    const list: [string, string][] = [
      [names.engine, ENGINES[info.engine]],
      [names.device, info.device],
      [names.why, phrase(info.reason)],
      [names.build, info.build],
      [names.samples, samples],
      [names.steps, integer(info.steps_per_epoch)],
      [names.seed, String(info.seed)],
    ];
    return html`
      <section class="card">
        <header><h2>${names.title}</h2></header>
        ${facts(list)}
        ${info.notice ? html`<p class="small"><span class="badge warn">!</span> ${info.notice}</p>` : nothing}
        ${log.interruptions.map(({ message }) => html`<p class="small"><span class="badge warn">!</span> ${message}</p>`)}
        ${stoppedEarly ? html`<p class="small">${RUN.stoppedEarly}</p>` : nothing}
      </section>
    `;
  }
}

const facts = (list: [name: string, value: string][]) =>
  html`<dl class="facts">${list.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
