/** The base of every part of the lab: it shows a `Lab` and draws itself again when that changes. */
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Lab } from '../lab/lab';

export abstract class LabElement extends LitElement {
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
