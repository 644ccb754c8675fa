/** The base class of elements that show a `Lab`: it renders again when the lab changes. */

import { property } from 'lit/decorators.js';
import type { Lab } from '../lab/lab';
import { BoundedElement } from './bounded';

export abstract class LabElement extends BoundedElement {
  @property({ attribute: false }) lab!: Lab;
  #unsubscribe: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.lab.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }
}
