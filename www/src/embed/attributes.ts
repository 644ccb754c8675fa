/** The attributes of `<conv-lab>`: their list, and how they are read. Most settings of the page's address are attributes, too. */

import { THEMES } from '../base/platform';
import { fromUrl, type Settings, type UrlProblem } from '../base/settings';
import { EXPECTED } from '../base/text';
import { webAddress } from './address';

/** The attributes that are settings, by the setting's name. */
export const SETTING_ATTRIBUTES = {
  view: 'tab',
  engine: 'engine',
  data: 'data',
  epochs: 'epochs',
  batch: 'batch',
  seed: 'seed',
  train: 'train',
  test: 'test',
} as const satisfies Record<string, keyof Settings>;

/** How much of an experiment's text a card shows. */
export const ABOUTS = ['all', 'question', 'none'] as const;

/** The attributes that are either present or absent. */
const FLAGS: readonly string[] = ['compact', 'locked', 'guess'];

/** The attributes that the address of a frame may set. */
export const FRAME_ATTRIBUTES: readonly string[] = [
  'experiment',
  'assignment',
  ...Object.keys(SETTING_ATTRIBUTES),
  ...FLAGS,
  'theme',
  'about',
  'lang',
];

/** All attributes. The last two are for the page around the element only, since an address can be made by anyone. */
export const ATTRIBUTES: readonly string[] = [...FRAME_ATTRIBUTES, 'lab-url', 'page'];

/** The attributes in the address of a frame, null for a flag that is turned off, and the other names in the address. */
export function frameAttributes(search: string): { attributes: Map<string, string | null>; unknown: string[] } {
  const attributes = new Map<string, string | null>();
  const unknown = new Set<string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!FRAME_ATTRIBUTES.includes(name)) unknown.add(name);
    else if (!FLAGS.includes(name)) attributes.set(name, value);
    else attributes.set(name, value === 'false' || value === '0' ? null : '');
  }
  return { attributes, unknown: [...unknown] };
}

/** What the value of an attribute that is not a setting must be, if it is not that. */
function expected(name: string, value: string): string | null {
  if (name === 'theme' && !THEMES.some((theme) => theme === value)) return EXPECTED.oneOf(THEMES);
  if (name === 'about' && !ABOUTS.some((about) => about === value)) return EXPECTED.oneOf(ABOUTS);
  if (name === 'lab-url' && !webAddress(value)) return EXPECTED.webAddress;
  return null;
}

/** Converts attributes to settings in the form of an address; invalid values are reported and left out. */
export function settingsOf(get: (attribute: string) => string | null): { search: string; problems: UrlProblem[] } {
  const search = new URLSearchParams();
  const problems: UrlProblem[] = [];
  for (const [attribute, setting] of Object.entries(SETTING_ATTRIBUTES)) {
    const value = get(attribute);
    if (value === null || value === '') continue;
    const one = new URLSearchParams([[setting, value]]);
    const [problem] = fromUrl(`?${one}`).problems;
    if (problem) problems.push({ ...problem, name: attribute });
    else search.set(setting, value);
  }
  for (const name of ['theme', 'about', 'lab-url']) {
    const received = get(name) ?? '';
    const expects = received && expected(name, received);
    if (expects) problems.push({ name, received, expects });
  }
  const text = search.toString();
  return { search: text && `?${text}`, problems };
}

/** The source of an experiment or an assignment: the id of a preset, a JSON document, or the address of one. */
export type ExperimentSource =
  | { kind: 'preset'; id: string }
  | { kind: 'json'; text: string }
  | { kind: 'url'; url: string };

export function experimentSource(value: string): ExperimentSource {
  const text = value.trim();
  if (text.startsWith('{')) return { kind: 'json', text };
  if (/\/|\.json$/i.test(text)) return { kind: 'url', url: text };
  return { kind: 'preset', id: text };
}
