/** The choice of the experiment: the presets by their data set, and the student's own experiments. */
import { html, nothing, type TemplateResult } from 'lit';
import { titleOf } from '../base/datasets';
import type { PresetHead } from '../base/engine';
import type { Lab } from '../lab/lab';
import { OWN } from '../lab/text';
import { SETUP } from './text';

/** Marks the values of own experiments, whose ids could equal a preset's. */
const OWN_PREFIX = 'own:';

export function experimentChoice(lab: Lab): TemplateResult {
  const chosen = chosenIn(lab);
  const option = (value: string, text: string) =>
    html`<option value=${value} .selected=${value === chosen}>${text}</option>`;
  const { list } = lab.experiments;
  return html`
    <label>
      <span>${SETUP.experiment}</span>
      <select @change=${(event: Event) => choose(lab, event.target as HTMLSelectElement)}>
        ${byDataset(lab.presets).map(
          ([name, presets]) => html`<optgroup label=${name}>
            ${presets.map(({ id, title }) => option(id, withoutSet(title, name)))}
          </optgroup>`,
        )}
        ${
          list.length > 0
            ? html`<optgroup label=${OWN.title}>${list.map(({ id, name }) => option(OWN_PREFIX + id, name))}</optgroup>`
            : nothing
        }
      </select>
    </label>
  `;
}

function choose(lab: Lab, select: HTMLSelectElement): void {
  const { value } = select;
  const isOwn = value.startsWith(OWN_PREFIX);
  void lab.experiments.choose(
    isOwn ? { kind: 'own', id: value.slice(OWN_PREFIX.length) } : { kind: 'preset', id: value },
  );
  // The choice stays what it was until the student has answered.
  const chosen = chosenIn(lab);
  for (const option of select.options) option.selected = option.value === chosen;
}

function chosenIn({ experiments, preset }: Lab): string {
  return experiments.current ? OWN_PREFIX + experiments.current.id : (preset?.id ?? '');
}

/** The presets in their order, grouped by their data set. */
function byDataset(presets: readonly PresetHead[]): [name: string, presets: PresetHead[]][] {
  const groups = new Map<string, PresetHead[]>();
  for (const preset of presets) {
    const title = titleOf(preset.dataset);
    groups.set(title, [...(groups.get(title) ?? []), preset]);
  }
  return [...groups];
}

/** A title in the list, below the name of its data set, which it need not repeat. */
function withoutSet(title: string, set: string): string {
  const rest = title.startsWith(`${set}: `) ? title.slice(set.length + 2) : title;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
