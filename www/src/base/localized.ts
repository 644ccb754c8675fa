/**
 * Texts in the reader's language. English is written where it is used, in each room's `text.ts`. Another language is a catalogue in
 * `locales/`, which is loaded before anything is shown and then takes the place of the English texts, in the same objects.
 */

/** The same texts in another language: strings, and functions with the same parameters. */
export type Translated<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : T extends object
      ? { readonly [K in keyof T]: Translated<T[K]> }
      : T;

export interface Catalogue {
  language: string;
  dir: 'ltr' | 'rtl';
  /** Between groups of three digits. */
  grouping: string;
  /** Every text of the rooms, by the name under which it is exported. */
  texts: Readonly<Record<string, object>>;
  /** The built-in experiments, by their ids. */
  presets: Readonly<Record<string, { title: string; text: string }>>;
  /** The lessons of the site that there are in this language, by their files' names. */
  lessons: readonly string[];
  /** Sentences that are not in the rooms: those of the experiment's schema, of data files, and of the written pages. */
  phrases: Readonly<Record<string, string>>;
}

type Texts = Record<string, unknown>;

const english: Record<string, object> = {};
let catalogue: Catalogue | undefined;

/** The texts of a room, in the reader's language as soon as its catalogue is loaded. */
export function localized<const T extends object>(name: string, texts: T): T {
  english[name] = texts;
  replace(texts as Texts, catalogue?.texts[name] as Texts);
  return texts;
}

/** Shows all texts in the language of a catalogue. */
export function speak(chosen: Catalogue): void {
  catalogue = chosen;
  for (const name in english) replace(english[name] as Texts, chosen.texts[name] as Texts);
}

function replace(texts: Texts, others: Texts): void {
  for (const key in others) {
    const other = others[key];
    if (typeof other === 'object') replace(texts[key] as Texts, other as Texts);
    else texts[key] = other;
  }
}

/** A fixed sentence from elsewhere than the rooms. */
export const phrase = (sentence: string): string => catalogue?.phrases[sentence] ?? sentence;

/** A built-in experiment, with title and description in the reader's language. */
export const presetText = <P extends { id: string; title: string; text?: string }>(preset: P): P => ({
  ...preset,
  ...catalogue?.presets[preset.id],
});

/** The address of a lesson of this site in the reader's language, if there is one. */
export function lessonIn(address: string): string {
  const [, name = ''] = /^(?:\.\/)?lessons\/([^/]+)$/.exec(address) ?? [];
  return catalogue?.lessons.includes(name) ? `./lessons/${catalogue.language}/${name}` : address;
}

/** The language that is shown, for dates. */
export const language = (): string => catalogue?.language ?? 'en';

export const direction = (): string => catalogue?.dir ?? 'ltr';

/** What stands between groups of three digits. */
export const grouping = (): string => catalogue?.grouping ?? ',';
