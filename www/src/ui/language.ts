/** The language of the page. Another one loads the page again, since texts are read when its parts start. */
import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import { keepLanguage } from '../locales/choice';
import { known, LANGUAGES } from '../locales/language';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { LANGUAGE } from './text';

@customElement('lab-language')
export class LabLanguage extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      select {
        width: auto;
        border-color: transparent;
        background-color: transparent;
      }
    `,
  ];

  override render() {
    const now = known(document.documentElement.lang);
    return html`<select aria-label=${LANGUAGE.label} @change=${this.#choose}>
      ${Object.entries(LANGUAGES).map(
        ([code, name]) => html`<option value=${code} lang=${code} .selected=${code === now}>${name}</option>`,
      )}
    </select>`;
  }

  readonly #choose = ({ target }: Event): void => {
    keepLanguage((target as HTMLSelectElement).value);
    location.reload();
  };
}
