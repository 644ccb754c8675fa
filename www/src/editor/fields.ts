/** Form fields of the editor, as templates. */
import { html, nothing } from 'lit';
import { fieldNumber } from '../base/number';

type Set = (value: string) => void;

const value = (event: Event): string => (event.target as HTMLInputElement).value;

export const line = (
  label: string,
  current: string | number | undefined,
  set: Set,
  more: { wide?: boolean; hint?: string; list?: string } = {},
) =>
  html`<label class=${more.wide ? 'wide' : ''}>
    <span>${label}</span>
    <input
      autocomplete="off" dir="auto" placeholder=${more.hint ?? nothing} list=${more.list ?? nothing}
      .value=${String(current ?? '')} @input=${(event: Event) => set(value(event))}
    />
  </label>`;

export const area = (label: string, current: string | undefined, set: Set, rows = 4) =>
  html`<label class="wide">
    <span>${label}</span>
    <textarea rows=${rows} dir="auto" .value=${current ?? ''} @input=${(event: Event) => set(value(event))}></textarea>
  </label>`;

export const choice = (label: string, current: string | undefined, names: Record<string, string>, set: Set) =>
  html`<label>
    <span>${label}</span>
    <select @change=${(event: Event) => set(value(event))}>
      ${Object.entries(names).map(
        ([name, text]) => html`<option value=${name} .selected=${name === (current ?? '')}>${text}</option>`,
      )}
    </select>
  </label>`;

export const check = (label: string, current: boolean | undefined, set: (on: boolean) => void) =>
  html`<label class="wide check">
    <input type="checkbox" .checked=${current ?? false} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} />
    <span>${label}</span>
  </label>`;

/** A whole or decimal number as it was typed; what is no number stays a text, which the check of the document names. */
export const numberOrText = (text: string): number | string => {
  const number = fieldNumber(text);
  return Number.isNaN(number) ? text : number;
};
