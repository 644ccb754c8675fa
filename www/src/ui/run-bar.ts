/** The run bar, which is always visible: the state and progress of the run, and its buttons. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { integer, rate } from '../base/format';
import { icons } from './icons';
import { LabElement } from './lab-element';
import { progressText } from './progress';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { RUN_BAR } from './text';

@customElement('lab-run-bar')
export class LabRunBar extends LabElement {
  @query('.primary') private primary!: HTMLButtonElement;

  static override styles = [
    base,
    controls,
    css`
      .bar {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: 0.35rem 1.25rem;
        padding: 0.8rem 1rem 0.85rem 1.25rem;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.1rem 0.9rem;
        min-height: 1.5rem;
      }
      .state {
        font-weight: 650;
      }
      .figures {
        color: var(--ink-soft);
        font-variant-numeric: tabular-nums;
      }
      .buttons {
        display: flex;
        gap: 0.5rem;
        grid-row: span 2;
      }
      .buttons button {
        min-width: 6.2rem;
      }
      .error {
        grid-column: 1 / -1;
        overflow-wrap: anywhere;
      }
      .spinner {
        width: 1em;
        height: 1em;
        border: 2px solid color-mix(in srgb, currentColor 35%, transparent);
        border-top-color: currentColor;
        border-radius: 50%;
        animation: turn 0.8s linear infinite;
      }
      @keyframes turn {
        to {
          rotate: 1turn;
        }
      }
      @container (max-width: 34rem) {
        .bar {
          padding: 0.6rem 0.75rem 0.7rem;
          column-gap: 0.75rem;
        }
        .buttons {
          grid-row: auto;
        }
        .buttons button {
          min-width: 0;
          padding-inline: 0.8rem;
        }
        .word {
          display: none;
        }
        progress {
          grid-column: span 2;
        }
        .figures {
          font-size: 0.8rem;
          line-height: 1.3;
        }
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    return html`
      <div class="card bar">
        <div class="line">
          <span class="state">${RUN_BAR.states[run.state]}</span>
          <span class="figures small">${this.#figures()}</span>
        </div>
        <div class="buttons">${this.#buttons()}</div>
        ${this.#progress()}
        ${!run.active && this.lab.specError ? html`<p id="why-not" class="error small" role="alert">${this.lab.specError}</p>` : nothing}
      </div>
    `;
  }

  #figures(): string {
    const { run, data } = this.lab;
    const { busy, progress, fetching } = data;
    const preparing = run.state === 'preparing';
    const what = busy && progress && (preparing || !run.step) ? progressText(progress) : '';
    if (preparing && fetching !== null) return [RUN_BAR.waits(fetching), what].filter(Boolean).join(' · ');
    if (what) return what;
    if (preparing) return busy ? RUN_BAR.preparing.data : RUN_BAR.preparing.engine;
    const { step } = run;
    if (!step || !run.info) return this.lab.title;
    const parts = [RUN_BAR.epochOf(integer(step.epoch), integer(run.info.epochs))];
    // The title is shown instead of the speed if the run is of another experiment than the current one.
    if (run.title !== this.lab.title) parts.unshift(run.title);
    else
      parts.push(
        RUN_BAR.stepOf(integer(step.step_in_epoch), integer(step.steps_per_epoch)),
        RUN_BAR.speed(rate(step.images_per_s)),
      );
    if (run.active && run.timeLeft) parts.push(RUN_BAR.left(run.timeLeft));
    if (!run.active && run.time) parts.push(run.time);
    return parts.join(' · ');
  }

  #progress() {
    const { run } = this.lab;
    const label = RUN_BAR.progress;
    if (run.state === 'preparing') return html`<progress aria-label=${label}></progress>`;
    return html`<progress aria-label=${label} max="1" .value=${run.share}></progress>`;
  }

  /** The main button is the same element in every state, so that it keeps the focus. */
  #buttons() {
    const { run, data, phase, isCostSheet, locked, specError } = this.lab;
    const { state, active } = run;
    const { icon, name, act } = this.#next();
    const preparing = state === 'preparing';
    return html`
      <button
        class="primary"
        ?disabled=${!active && (phase !== 'ready' || isCostSheet || specError !== null)}
        aria-describedby=${specError ? 'why-not' : nothing}
        aria-disabled=${preparing ? 'true' : nothing}
        @click=${() => preparing || act()}
      >
        ${icon}${name}
      </button>
      ${preparing && data.fetching !== null ? this.#leaving(RUN_BAR.cancel, icons.close, async () => data.cancelFetch()) : nothing}
      ${state === 'paused' ? this.#minor(RUN_BAR.step, icons.step, () => run.stepOnce(), RUN_BAR.stepHint) : nothing}
      ${state === 'running' || state === 'paused' ? this.#leaving(RUN_BAR.stop, icons.stop, () => run.stop()) : nothing}
      ${
        !active && run.info && !locked
          ? this.#leaving(
              RUN_BAR.seed,
              icons.dice,
              () => this.lab.startWithNextSeed(),
              RUN_BAR.seedHint(run.info.seed + 1),
            )
          : nothing
      }
    `;
  }

  /** The action of the main button. */
  #next(): { icon: TemplateResult; name: string; act: () => Promise<unknown> } {
    const { run } = this.lab;
    const start = () => this.lab.start();
    switch (run.state) {
      case 'preparing':
        return { icon: html`<span class="spinner"></span>`, name: RUN_BAR.start, act: start };
      case 'running':
        return { icon: icons.pause, name: RUN_BAR.pause, act: () => run.pause() };
      case 'paused':
        return { icon: icons.play, name: RUN_BAR.resume, act: () => run.resume() };
      default:
        return { icon: icons.play, name: run.state === 'idle' ? RUN_BAR.start : RUN_BAR.again, act: start };
    }
  }

  /** A button that disappears when it is pressed; the focus moves to the main button. */
  #leaving(name: string, icon: TemplateResult, act: () => Promise<unknown>, hint = name) {
    return this.#minor(
      name,
      icon,
      () => {
        this.primary.focus();
        return act();
      },
      hint,
    );
  }

  /** On a narrow screen only the icon is shown. */
  #minor(name: string, icon: TemplateResult, act: () => Promise<unknown>, hint = name) {
    return html`<button title=${hint} aria-label=${name} @click=${act}>${icon}<span class="word">${name}</span></button>`;
  }
}
