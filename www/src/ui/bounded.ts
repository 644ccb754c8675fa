/**
 * The base class of elements with content: an error in one of them stays there. It shows one sentence and a button in the element's
 * place, while the rest of the lab goes on.
 */
import { html, LitElement, type PropertyValues, render, type TemplateResult } from 'lit';
import { failureOf } from '../base/failure';
import { quoted } from '../base/format';
import { FAILED } from './text';

/** The longest part of an error's own message that is shown. */
const MOST = 300;

export function failed(error: unknown, retry: () => void): TemplateResult {
  const why = failureOf(error).message;
  return html`<div class="card failed" role="alert">
    <p>${FAILED.text(quoted(why, MOST))}</p>
    <button @click=${retry}>${FAILED.retry}</button>
  </div>`;
}

export abstract class BoundedElement extends LitElement {
  #isBroken = false;

  /** Errors of `willUpdate`, `render`, `firstUpdated` and `updated` arrive here. */
  protected override scheduleUpdate(): void {
    try {
      super.scheduleUpdate();
    } catch (error) {
      this.#isBroken = true;
      render(
        failed(error, () => this.#retry()),
        this.renderRoot,
        this.renderOptions,
      );
    }
  }

  /** A broken element stays as it is until the button is pressed, so that it does not fail at every step of a run. */
  protected override shouldUpdate(_changed: PropertyValues): boolean {
    return !this.#isBroken;
  }

  #retry(): void {
    this.#isBroken = false;
    // All properties count as changed, since the element was not told of changes while it was broken.
    const { elementProperties } = this.constructor as typeof LitElement;
    for (const name of elementProperties.keys()) this.requestUpdate(name, undefined);
    this.requestUpdate();
  }
}
