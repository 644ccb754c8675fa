/** Resumes a run from a checkpoint file. */
import { html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { RESULTS } from './text';

@customElement('lab-checkpoint-button')
export class LabCheckpointButton extends LabElement {
  @query('input') private picker!: HTMLInputElement;

  static override styles = [base, controls];

  override render() {
    return html`
      <button ?disabled=${this.lab.run.active} @click=${() => this.picker.click()}>${icons.upload}${RESULTS.openCheckpoint}</button>
      <input type="file" accept=".safetensors" hidden aria-label=${RESULTS.openCheckpoint} @change=${this.#picked} />
    `;
  }

  readonly #picked = (): void => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (file) void this.lab.kept.resumeFromFile(file);
  };
}
