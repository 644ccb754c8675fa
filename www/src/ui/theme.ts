/** The colour scheme: light, dark, or the system's. The choice is stored for the next visit. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { THEMES as CHOICES, type Theme } from '../base/platform';
import { icons } from './icons';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { THEME } from './text';

const KEY = 'convlab.theme';
const THEMES: Theme[] = ['', ...CHOICES];

export function keptTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? '';
  } catch {
    // Storage may be forbidden; then there is no stored choice.
    return '';
  }
}

@customElement('lab-theme')
export class LabTheme extends LitElement {
  @property() value: Theme = '';

  static override styles = [
    base,
    controls,
    css`
      button {
        border-color: transparent;
        background: transparent;
        padding: 0.35rem 0.6rem;
      }
    `,
  ];

  override render() {
    const icon = { '': icons.half, light: icons.sun, dark: icons.moon }[this.value];
    const name = THEME[this.value || 'auto'];
    const label = `${THEME.label}: ${name}`;
    return html`<button aria-label=${label} title=${label} @click=${this.#next}>${icon}</button>`;
  }

  readonly #next = (): void => {
    const theme = THEMES[(THEMES.indexOf(this.value) + 1) % THEMES.length] ?? '';
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // The choice applies without being stored.
    }
    this.dispatchEvent(new CustomEvent<Theme>('theme', { detail: theme }));
  };
}
