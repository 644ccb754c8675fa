/** A choice of few values as a strip of radio buttons with a legend. */
import { html, type TemplateResult } from 'lit';

export function segmented<T extends string>(
  legend: string,
  choices: [value: T, label: string][],
  value: string,
  onChange: (value: T) => void,
): TemplateResult {
  return html`
    <div>
      <span class="label" aria-hidden="true">${legend}</span>
      <fieldset class="segmented" aria-label=${legend}>
        ${choices.map(
          ([choice, label]) => html`
            <label>
              <input
                type="radio"
                name=${legend}
                value=${choice}
                .checked=${choice === value}
                @change=${() => onChange(choice)}
              />
              <span>${label}</span>
            </label>
          `,
        )}
      </fieldset>
    </div>
  `;
}
