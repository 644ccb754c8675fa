/** Goes on with a run that was saved as a file. */
import { html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { icons } from '../icons';
import { base } from '../styles/base';
import { controls } from '../styles/controls';
import { KEPT } from '../text/kept';
import { LabElement } from './lab-element';

@customElement('lab-checkpoint-button')
export class LabCheckpointButton extends LabElement {
  @query('input') private picker!: HTMLInputElement;

  static override styles = [base, controls];

  override render() {
    return html`
      <button ?disabled=${this.lab.run.active} @click=${() => this.picker.click()}>${icons.upload}${KEPT.open}</button>
      <input type="file" accept=".safetensors" hidden aria-label=${KEPT.open} @change=${this.#picked} />
    `;
  }

  readonly #picked = (): void => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (file) void this.lab.kept.goOnFromFile(file);
  };
}
