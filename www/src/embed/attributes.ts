/** Reads the attributes of `<conv-lab>`. Every setting of the page's address is an attribute of the same name. */
import { fromUrl, type Settings, type UrlProblem } from '../base/settings';

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

export type SettingAttribute = keyof typeof SETTING_ATTRIBUTES;

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
  const text = search.toString();
  return { search: text && `?${text}`, problems };
}

/** The source of an experiment: the id of a preset, a JSON document, or the address of one. */
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
