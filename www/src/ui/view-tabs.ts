/**
 * The tabs of the views in two rows: the groups, and the views of the selected group. A group opens with the view that was shown in it
 * last. Arrow keys move along a row, Home and End go to either end (the ARIA pattern for tabs).
 */
import { html, nothing, type ReactiveControllerHost } from 'lit';
import { GROUP_NAMES, type Group, groupOf, type Tab, viewsOf } from '../base/settings';
import { icons } from './icons';
import { PAGE } from './text';

interface Host extends ReactiveControllerHost {
  readonly renderRoot: ParentNode;
}

/** The id of the tab that names the shown view: that of its group if it is the only view in it. */
export function tabId(tab: Tab): string {
  const group = groupOf(tab);
  return viewsOf(group).length > 1 ? `tab-${tab}` : `group-${group}`;
}

interface Entry {
  id: string;
  name: string;
  icon: unknown;
  selected: boolean;
  open: Tab;
}

export class ViewTabs {
  readonly #last = new Map<Group, Tab>();

  constructor(private host: Host) {}

  render(tab: Tab, choose: (tab: Tab) => void) {
    const group = groupOf(tab);
    this.#last.set(group, tab);
    const groups = GROUP_NAMES.map(
      (one): Entry => ({
        id: `group-${one}`,
        name: PAGE.groups[one],
        icon: icons[one],
        selected: one === group,
        open: this.#last.get(one) ?? viewsOf(one)[0] ?? tab,
      }),
    );
    const views = viewsOf(group).map(
      (one): Entry => ({ id: `tab-${one}`, name: PAGE.views[one], icon: nothing, selected: one === tab, open: one }),
    );
    return html`<div class="views">
      ${this.#row('groups', PAGE.groups.label, groups, choose)}
      ${views.length > 1 ? this.#row('group-views', PAGE.groups[group], views, choose) : nothing}
    </div>`;
  }

  #row(kind: string, label: string, entries: Entry[], choose: (tab: Tab) => void) {
    const keys = (event: KeyboardEvent): void => {
      const at = entries.findIndex(({ selected }) => selected);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      const entry = to === undefined ? undefined : entries.at(to % entries.length);
      if (!entry) return;
      event.preventDefault();
      choose(entry.open);
      void this.host.updateComplete.then(() =>
        this.host.renderRoot.querySelector<HTMLElement>(`#${entry.id}`)?.focus(),
      );
    };
    return html`<div class=${kind} role="tablist" aria-label=${label} @keydown=${keys}>
      ${entries.map(
        ({ id, name, icon, selected, open }) => html`<button
          id=${id}
          role="tab"
          aria-selected=${selected}
          aria-controls="view"
          tabindex=${selected ? 0 : -1}
          @click=${() => choose(open)}
        >
          ${icon}<span>${name}</span>
        </button>`,
      )}
    </div>`;
  }
}
