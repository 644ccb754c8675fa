/** The settings, and how they are written in the page's address: the name of a setting is its URL parameter. */
import type { EngineChoice, Experiment } from './engine';
import { EXPECTED } from './text';

/** The views, in groups that follow the work. A group of one view has no second row of tabs. */
export const GROUPS = {
  data: ['data'],
  network: ['model', 'cost'],
  train: ['run', 'search', 'device'],
  understand: ['predictions', 'inside', 'embedding'],
  report: ['results', 'compare'],
} as const;
export type Group = keyof typeof GROUPS;
export type Tab = (typeof GROUPS)[Group][number];

export const GROUP_NAMES = Object.keys(GROUPS) as Group[];
export const TABS: readonly Tab[] = Object.values(GROUPS).flat();

export const viewsOf = (group: Group): readonly Tab[] => GROUPS[group];
export const groupOf = (tab: Tab): Group => GROUP_NAMES.find((group) => viewsOf(group).includes(tab)) ?? 'train';

/**
 * `official` is the set's own files; `synthetic` the built-in set of the same shape; `auto` the files where they are available.
 */
export type DataChoice = 'auto' | 'official' | 'synthetic';

export interface Settings {
  experiment: string;
  /** The student's changes to the experiment (see `lab/edit`). */
  edit: string | null;
  data: DataChoice;
  engine: EngineChoice;
  epochs: number | null;
  batch: number | null;
  seed: number | null;
  train: number | null;
  test: number | null;
  tab: Tab;
}

export const DEFAULTS: Settings = {
  experiment: '',
  edit: null,
  data: 'auto',
  engine: 'auto',
  epochs: null,
  batch: null,
  seed: null,
  train: null,
  test: null,
  tab: 'run',
};

/** The settings that change the experiment itself; an empty one leaves the experiment's own value. */
export const NUMBERS = ['epochs', 'batch', 'seed', 'train', 'test'] as const;
export type NumberSetting = (typeof NUMBERS)[number];

interface Rule<T> {
  /** What a value must be, for the error message. */
  expects(): string;
  /** Returns undefined for an invalid text. */
  parse(text: string): T | undefined;
}

const oneOf = <T extends string>(...values: T[]): Rule<T> => ({
  expects: () => EXPECTED.oneOf(values),
  parse: (text) => values.find((value) => value === text),
});

/** Only the syntax is checked here; the engine checks the range. */
export const wholeNumber: Rule<number> = {
  expects: () => EXPECTED.wholeNumber,
  parse: (text) => (/^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined),
};

/** Epochs, of which the last may be a part. */
export const decimalNumber: Rule<number> = {
  expects: () => EXPECTED.decimalNumber,
  parse: (text) => (/^-?\d{1,15}(\.\d{1,4})?$/.test(text.trim()) ? Number(text) : undefined),
};

const RULES: { [K in keyof Settings]: Rule<NonNullable<Settings[K]>> } = {
  experiment: { expects: () => EXPECTED.experiment, parse: (text) => text || undefined },
  edit: {
    expects: () => EXPECTED.edit,
    parse: (text) => (/^[\w-]+$/.test(text) ? text : undefined),
  },
  data: oneOf('auto', 'official', 'synthetic'),
  engine: oneOf('auto', 'cpu', 'gpu'),
  epochs: decimalNumber,
  batch: wholeNumber,
  seed: wholeNumber,
  train: wholeNumber,
  test: wholeNumber,
  tab: oneOf(...TABS),
};

export const ruleOf = (name: NumberSetting): Rule<number> => RULES[name];

const NAMES = Object.keys(RULES) as (keyof Settings)[];

export interface UrlProblem {
  name: string;
  received: string;
  /** Null if there is no setting of this name. */
  expects: string | null;
}

/** Reads an address; invalid values are reported and left at their defaults. */
export function fromUrl(search: string): { settings: Settings; problems: UrlProblem[] } {
  const settings: Settings = { ...DEFAULTS };
  const problems: UrlProblem[] = [];
  for (const [name, received] of new URLSearchParams(search)) {
    // The page itself reads its language, before anything else.
    if (name === 'lang') continue;
    if (!isName(name)) problems.push({ name, received, expects: null });
    else if (!assign(settings, name, received)) problems.push({ name, received, expects: RULES[name].expects() });
  }
  return { settings, problems };
}

/** The address of these settings: only values that differ from the defaults, in the order of the table. */
export function toUrl(settings: Settings): string {
  const search = new URLSearchParams();
  for (const name of NAMES) {
    const value = settings[name];
    if (value !== null && value !== DEFAULTS[name]) search.set(name, String(value));
  }
  const text = search.toString();
  return text && `?${text}`;
}

export const settingNames = (): string => NAMES.join(', ');

const isName = (name: string): name is keyof Settings => Object.hasOwn(RULES, name);

function assign<K extends keyof Settings>(settings: Settings, name: K, text: string): boolean {
  const value = RULES[name].parse(text);
  if (value === undefined) return false;
  settings[name] = value as Settings[K];
  return true;
}

/** A copy of the experiment with the settings applied. */
export function withSettings(experiment: Experiment, settings: Settings, synthetic: string | null): Experiment {
  const changed: Experiment = { ...experiment, dataset: { ...experiment.dataset } };
  if (settings.epochs !== null) changed.epochs = settings.epochs;
  if (settings.batch !== null) changed.batch_size = settings.batch;
  if (settings.seed !== null) changed.seed = settings.seed;
  const limit = { ...changed.dataset.limit };
  if (settings.train !== null) limit.train = settings.train;
  if (settings.test !== null) limit.test = settings.test;
  if (Object.keys(limit).length > 0) changed.dataset.limit = limit;
  if (synthetic !== null) changed.dataset.name = synthetic;
  return changed;
}
