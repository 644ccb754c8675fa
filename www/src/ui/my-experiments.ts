/** The student's own experiments below the choice of the experiment: save, copy, start empty, rename, delete. */
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { OWN } from '../lab/text';
import { icons } from './icons';
import { LabElement } from './lab-element';
import { base } from './styles/base';
import { controls } from './styles/controls';

@customElement('lab-my-experiments')
export class LabMyExperiments extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.35rem;
      }
      .own {
        display: flex;
        align-items: flex-end;
        gap: 0.35rem;
      }
      .own label {
        flex: 1;
      }
    `,
  ];

  override render() {
    const { experiments } = this.lab;
    const { current, isUnsaved, removed } = experiments;
    return html`
      <div class="row">
        <button class="small" ?disabled=${!isUnsaved} @click=${() => experiments.save()}>${OWN.save}</button>
        <button class="small" @click=${() => experiments.duplicate()}>${OWN.duplicate}</button>
        <button class="small" @click=${() => experiments.choose({ kind: 'empty' })}>${OWN.startEmpty}</button>
        ${isUnsaved ? html`<span class="badge warn">${OWN.unsaved}</span>` : nothing}
      </div>
      ${
        current
          ? html`<div class="own">
              <label>
                <span>${OWN.name}</span>
                <input
                  autocomplete="off"
                  .value=${current.name}
                  @change=${(event: Event) => experiments.rename((event.target as HTMLInputElement).value)}
                />
              </label>
              <button aria-label=${OWN.remove(current.name)} title=${OWN.remove(current.name)} @click=${() => experiments.remove(current)}>
                ${icons.trash}
              </button>
            </div>`
          : nothing
      }
      ${
        removed
          ? html`<div class="row small" role="status">
              <span>${OWN.removed(removed.name)}</span>
              <button class="quiet small" @click=${() => experiments.restore()}>${icons.undo}${OWN.undo}</button>
            </div>`
          : nothing
      }
    `;
  }
}
