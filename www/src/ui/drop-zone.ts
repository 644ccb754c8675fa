/** Adds data files: dropped, chosen, from this site, or from an address. */

import { css, html, nothing } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { COUNTED } from '../base/text';

import { icons } from './icons';
import { LabElement } from './lab-element';
import { progressBar } from './progress';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { DROP_ZONE } from './text';

@customElement('lab-drop-zone')
export class LabDropZone extends LabElement {
  @query('input[name=files]') private picker!: HTMLInputElement;
  @query('input[name=folder]') private folderPicker!: HTMLInputElement;
  @query('input[name=url]') private address!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    css`
      .zone {
        display: grid;
        justify-items: center;
        gap: 0.3rem;
        text-align: center;
        padding: 1.6rem 1rem;
        border: 2px dashed var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--sunken);
      }
      .zone > svg {
        font-size: 1.6rem;
        color: var(--accent);
      }
      .zone .row {
        margin-top: 0.7rem;
        justify-content: center;
      }
      form {
        margin-top: 1rem;
      }
      form .row {
        flex-wrap: nowrap;
      }
      .work {
        display: grid;
        gap: 0.35rem;
        margin-top: 1rem;
      }
      ul {
        padding-inline-start: 1.2rem;
        margin-top: 0.8rem;
      }
      .missing {
        margin-top: 0.6rem;
      }
    `,
  ];

  override render() {
    const { data } = this.lab;
    return html`
      <section class="card">
        <header><h2>${DROP_ZONE.get}: ${data.title}</h2></header>
        <div class="zone">
          ${icons.upload}
          <strong>${DROP_ZONE.dropTitle}</strong>
          <span class="small soft">${data.name === 'images' ? DROP_ZONE.imagesText : DROP_ZONE.dropText}</span>
          <div class="row">
            <button @click=${() => this.picker.click()}>${DROP_ZONE.pick}</button>
            ${this.#siteButton()} ${this.#imageButtons()}
          </div>
          ${
            data.name === 'images'
              ? html`<input type="file" name="folder" webkitdirectory hidden aria-label=${DROP_ZONE.pickFolder} @change=${this.#picked} />`
              : nothing
          }
          <input type="file" name="files" multiple hidden aria-label=${DROP_ZONE.pick} @change=${this.#picked} />
        </div>
        ${data.progress ? html`<div class="work">${progressBar(data.progress)}</div>` : nothing} ${this.#incomplete()}
        <form novalidate @submit=${this.#submitted}>
          <label>
            <span>${DROP_ZONE.url}</span>
            <span class="row">
              <input name="url" type="url" inputmode="url" aria-label=${DROP_ZONE.urlLabel} placeholder="https://" />
              <button>${DROP_ZONE.urlButton}</button>
            </span>
          </label>
          <p class="small soft">${DROP_ZONE.urlHint}</p>
        </form>
      </section>
    `;
  }

  /** The way to the student's own images: a set of their own, then a folder of them. */
  #imageButtons() {
    if (this.lab.data.name === 'images')
      return html`<button @click=${() => this.folderPicker.click()}>${DROP_ZONE.pickFolder}</button>`;
    if (this.lab.locked) return nothing;
    return html`<button @click=${() => this.lab.useOwnImages()}>${DROP_ZONE.ownImages}</button>`;
  }

  #siteButton() {
    const { data } = this.lab;
    if (data.siteFiles.length === 0) return nothing;
    const label = `${DROP_ZONE.fetchSite} (${COUNTED.files(data.siteFiles.length)})`;
    return html`<button ?disabled=${data.busy} @click=${() => this.lab.fetchUrls(data.siteFiles)}>${label}</button>`;
  }

  #incomplete() {
    const { recognised, missing } = this.lab.data;
    if (recognised.length === 0) return nothing;
    return html`
      <ul class="small">
        ${recognised.map(({ file, as }) => html`<li>${DROP_ZONE.got(file, as)}</li>`)}
      </ul>
      ${missing.length > 0 ? html`<p class="missing">${DROP_ZONE.stillMissing(missing.join('; '))}</p>` : nothing}
    `;
  }

  readonly #picked = ({ target }: Event): void => {
    const picker = target as HTMLInputElement;
    const files = [...(picker.files ?? [])];
    picker.value = '';
    if (files.length > 0) void this.lab.addFiles(files);
  };

  readonly #submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = this.address.value.trim();
    if (!/^https?:\/\/[^/]+\/./.test(text) || !URL.canParse(text)) {
      this.lab.messages.error(DROP_ZONE.urlInvalid(text));
      return;
    }
    void this.lab.fetchUrls([text]);
  };
}
