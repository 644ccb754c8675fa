/** The data view: where to get the data, what is stored here, and what it looks like. */

import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { phrase } from '../base/localized';
import '../charts/bars';
import type { DatasetInfo } from '../base/engine';
import './augmentation-preview';
import './get-set';
import './set-chooser';
import '../ui/drop-zone';
import { LabElement } from '../ui/lab-element';
import './merged-classes';
import './image-grid';
import './pixel-range';
import './webcam';
import { titleOf } from '../base/datasets';
import { fileSize, integer } from '../base/format';
import { LAB } from '../lab/text';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { SETUP } from '../ui/text';
import type { Images } from '../worker/data';
import { hubFiles, noteOf, OFFICIAL, sourcesOf } from './sources';
import { DATA } from './text';

const GRID = 25;

/** The sets of a student's own files, which are many or of another form than one archive. */
const OWN_SETS = ['images', 'parquet', 'custom'];

@customElement('lab-data-view')
export class LabDataView extends LabElement {
  @state() private images: Images | null = null;
  /** The set that the images are of. */
  #shown: DatasetInfo | null = null;

  static override styles = [
    base,
    controls,
    css`
      dl {
        margin-bottom: 1rem;
      }
      ul {
        padding-inline-start: 1.2rem;
      }
      .kept {
        list-style: none;
        padding: 0;
        display: grid;
        gap: 0.4rem;
      }
      .kept li {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 1rem;
      }
      h3 + p {
        margin-bottom: 0.4rem;
      }
      h3 {
        margin: 0.9rem 0 0.5rem;
      }
      section > ul:not(.kept) {
        margin-block: 0.3rem;
      }
      .kept-title {
        margin-top: 1.1rem;
      }
    `,
  ];

  override updated(): void {
    const { info, busy } = this.lab.data;
    if (busy || info === this.#shown) return;
    this.#shown = info;
    void this.#load(firstIndices);
  }

  override render() {
    const { info } = this.lab.data;
    return html`
      <div class="stack">
        <div class="columns">
          ${
            this.lab.isCostSheet
              ? html`<section class="card"><p>${LAB.costSheet(this.lab.title)}</p></section>`
              : html`<div>
                  <lab-drop-zone .lab=${this.lab}></lab-drop-zone>
                  ${this.lab.data.name === 'images' ? html`<lab-webcam .lab=${this.lab}></lab-webcam>` : nothing}
                </div>`
          }
          ${this.#source()}
          <lab-set-chooser .lab=${this.lab}></lab-set-chooser>
        </div>
        ${
          info
            ? html`<div class="columns">${this.#grid(info)} ${this.#facts(info)}</div>
                <lab-pixel-range .lab=${this.lab}></lab-pixel-range>
                <lab-merged-classes .lab=${this.lab}></lab-merged-classes>
                <lab-augmentation-preview .lab=${this.lab}></lab-augmentation-preview>`
            : nothing
        }
      </div>
    `;
  }

  #source() {
    const { data } = this.lab;
    const source = OFFICIAL[data.name];
    const hub = hubFiles(data.name);
    // Of a set that only this site offers, the files are those that it names.
    const files = source
      ? source.files.map((file) => source.folder + file)
      : sourcesOf(data.name, data.sources).flatMap((offered) => offered.files.map(({ url }) => url));
    const isOffered = files.length > 0 || data.fetching !== null;
    return html`
      <section class="card">
        ${
          isOffered
            ? html`
                <header><h2>${DATA.whereTitle}</h2></header>
                <lab-get-set .lab=${this.lab}></lab-get-set>
                ${source ? html`<p class="small">${noteOf(data.name, source)}</p>` : nothing}
                <ul class="small">${files.map((url) => html`<li>${fileLink(url)}</li>`)}</ul>
                ${source ? html`<p class="small">${DATA.whereFrom} <a href=${source.site} target="_blank" rel="noopener">${source.site}</a></p>` : nothing}
                ${hub.length > 0 ? html`<p class="small">${DATA.whereHub} ${hub.map((url) => html`${fileLink(url)} `)}</p>` : nothing}
              `
            : nothing
        }
        <h3 class=${isOffered ? 'kept-title' : ''}>${DATA.keptTitle}</h3>
        ${data.stored.length === 0 ? html`<p class="small soft">${DATA.keptNone}</p>` : this.#kept()}
      </section>
    `;
  }

  #kept() {
    return html`<ul class="kept">
      ${this.lab.data.stored.map((set) => {
        const title = titleOf(set.name);
        return html`<li>
          <span>${title} <span class="soft small number">${fileSize(set.bytes)}</span></span>
          <button class="small" aria-label=${DATA.forgetLabel(title)} @click=${() => this.lab.data.forget(set.name)}>
            ${DATA.forget}
          </button>
        </li>`;
      })}
    </ul>`;
  }

  #grid(info: DatasetInfo) {
    return html`
      <section class="card">
        <header>
          <h2>${DATA.gridTitle}</h2>
          <div class="row">
            <button class="small" @click=${() => this.#load(firstIndices)}>${DATA.gridFirst}</button>
            <button class="small" @click=${() => this.#load(randomIndices)}>${DATA.gridMore}</button>
          </div>
        </header>
        <lab-image-grid .info=${this.#shown ?? info} .images=${this.images}></lab-image-grid>
      </section>
    `;
  }

  #facts(info: DatasetInfo) {
    const names = DATA.facts;
    const most = Math.max(1, ...info.class_counts);
    const bars = info.classes.map((name, i) => {
      const count = info.class_counts[i] ?? 0;
      return { name, share: count / most, text: integer(count) };
    });
    const facts: [string, unknown][] = [
      [names.source, info.synthetic ? html`<span class="badge warn">${SETUP.synthetic}</span>` : DATA.sourceReal],
      [names.train, integer(info.train)],
      ...(info.validation > 0 ? [[names.validation, integer(info.validation)] as [string, unknown]] : []),
      [names.test, integer(info.test)],
      [names.size, `${info.height} × ${info.width} × ${info.channels}`],
      [names.classes, integer(info.classes.length)],
    ];
    return html`
      <section class="card">
        <header><h2>${phrase(info.title)}</h2></header>
        <dl class="terms">${facts.map(([name, value]) => html`<dt>${name}</dt><dd class="number">${value}</dd>`)}</dl>
        ${info.synthetic ? html`<p class="small soft">${DATA.syntheticNote}</p>` : nothing}
        ${
          this.lab.isUnfit && !this.lab.locked
            ? html`<p class="small">${DATA.unfit(`${info.height} × ${info.width} × ${info.channels}`, integer(info.classes.length))}</p>
                <button @click=${() => this.lab.fitToData()}>${DATA.fit}</button>`
            : nothing
        }
        ${
          OWN_SETS.includes(info.name)
            ? html`<p class="small soft">${DATA.saveNpzNote}</p>
                <button ?disabled=${this.lab.data.busy} @click=${() => this.lab.data.saveNpz()}>${DATA.saveNpz}</button>`
            : nothing
        }
        <h3>${DATA.countsTitle}</h3>
        <lab-bars .bars=${bars} label=${DATA.countsTitle}></lab-bars>
      </section>
    `;
  }

  async #load(choose: (count: number) => number[]): Promise<void> {
    const { info } = this.lab.data;
    if (!info) return;
    try {
      this.images = await this.lab.worker.images('data', 'train', choose(info.train));
    } catch (error) {
      this.lab.messages.failure(error);
    }
  }
}

const fileLink = (url: string) =>
  html`<a href=${url} rel="noopener"><code>${url.slice(url.lastIndexOf('/') + 1)}</code></a>`;

const firstIndices = (count: number): number[] => Array.from({ length: Math.min(GRID, count) }, (_, i) => i);

const randomIndices = (count: number): number[] =>
  Array.from({ length: Math.min(GRID, count) }, () => Math.floor(Math.random() * count));
