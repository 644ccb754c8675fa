/**
 * What a student writes in a lesson for the report. A lesson posts its answers here; the lab takes them into the observations of the
 * run or of the comparison when it opens next, and the student can change them there.
 */

/** The figures of a run's report and of a comparison that have a box for observations. */
export const OBSERVED = [
  'curves',
  'history',
  'confusion',
  'classes',
  'first_image',
  'images',
  'network',
  'table',
  'accuracy',
  'loss',
  'gap',
] as const;

export type ObservedFigure = (typeof OBSERVED)[number];

/** The figures of a comparison; the others belong to one run. */
const COMPARED: readonly string[] = ['table', 'accuracy', 'loss', 'gap'] satisfies ObservedFigure[];

export const isCompared = (figure: string): boolean => COMPARED.includes(figure);

/** Posted observations by the id of the run, those of the comparison under this name. */
export const COMPARISON = 'comparison';

/** A text, and the one that the lesson has sent before it. */
interface Posted {
  text: string;
  before: string;
}

type Post = Record<string, Record<string, Posted>>;
type Texts = Readonly<Record<string, string>>;

const POST = 'convlab-observed';
const KEPT = 'convlab-comparison';

/** Runs whose observations wait at the same time; the oldest are dropped. */
const MOST_RUNS = 100;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function read(key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** A browser that stores nothing brings nothing into the report. */
function write(key: string, value: object): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The boxes of the report are empty.
  }
}

/** Sends the text for a figure; `before` is what the lesson sent last. */
export function postObservation(to: string, figure: ObservedFigure, text: string, before: string): void {
  const { [to]: waiting = {}, ...others } = read(POST) as Post;
  const posted = { text, before: waiting[figure]?.before ?? before };
  const runs = Object.entries({ ...others, [to]: { ...waiting, [figure]: posted } });
  write(POST, Object.fromEntries(runs.slice(-MOST_RUNS)));
}

/** Takes what was posted for a run or the comparison; null if there is nothing new. What the student has changed in the report stays. */
export function takeObservations(to: string, now: Texts): Record<string, string> | null {
  const { [to]: waiting, ...others } = read(POST) as Post;
  if (!isObject(waiting)) return null;
  write(POST, others);
  const taken: Record<string, string> = { ...now };
  for (const [figure, posted] of Object.entries(waiting)) {
    const { text, before } = (isObject(posted) ? posted : {}) as Partial<Posted>;
    const current = taken[figure] ?? '';
    if (typeof text !== 'string' || (current !== '' && current !== before)) continue;
    if (text) taken[figure] = text;
    else delete taken[figure];
  }
  return taken;
}

/** What was written in the comparison's report. */
export const keptComparison = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(read(KEPT)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

export const keepComparison = (observations: Texts): void => write(KEPT, observations);
