/**
 * A lesson in a course system: SCORM 1.2 and SCORM 2004. The system's page has an object of functions, which is looked for in the
 * frames around; answers, position, score and completion are reported through it.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { kindOf, type Question } from './document';
import { type AnswerStore, type Given, hasAnswer, isRight, type Keeper, type Progress } from './store';
import { LESSON } from './text';

type Version = '1.2' | '2004';

/** The functions of the course system that are used. All values are texts. */
interface Api {
  start(): string;
  get(name: string): string;
  set(name: string, value: string): string;
  commit(): string;
  end(): string;
}

/** The longest suspended data, in characters. */
const MOST = { '1.2': 4096, '2004': 64_000 } as const;

/** The names of the same values in the two versions. */
const NAMES = {
  '1.2': {
    score: 'cmi.core.score',
    location: 'cmi.core.lesson_location',
    exit: 'cmi.core.exit',
    time: 'cmi.core.session_time',
    response: 'student_response',
  },
  '2004': {
    score: 'cmi.score',
    location: 'cmi.location',
    exit: 'cmi.exit',
    time: 'cmi.session_time',
    response: 'learner_response',
  },
} as const;

/** The longest answer that the course system takes beside the suspended data. */
const MOST_RESPONSE = { '1.2': 255, '2004': 4000 } as const;

export class ScormSession implements Keeper {
  readonly words = LESSON.courseSystem;
  #isOpen = true;
  #reported = '';
  readonly #started = Date.now();

  constructor(
    readonly version: Version,
    private api: Api,
  ) {}

  /** Starts a session; null where there is no course system around. */
  static start(from: Window): ScormSession | null {
    const found = findApi(from);
    if (found?.api.start() !== 'true') return null;
    return new ScormSession(found.version, found.api);
  }

  read(): unknown {
    return unpacked(this.api.get('cmi.suspend_data'));
  }

  /** Returns false if the answers do not fit: then the longest ones are shortened, and all others are kept. */
  write(progress: Progress): boolean {
    if (!this.#isOpen) return false;
    const { text, isWhole } = packed(progress, MOST[this.version]);
    return this.api.set('cmi.suspend_data', text) === 'true' && isWhole;
  }

  get position(): number {
    return Number.parseInt(this.api.get(this.#names.location), 10) || 0;
  }

  set position(part: number) {
    if (this.#isOpen) this.api.set(this.#names.location, String(part));
  }

  /** Reports completion, score and answers. */
  report(store: AnswerStore): void {
    if (!this.#isOpen) return;
    const { done, all } = store.done;
    const { right, all: checked } = store.score;
    const state = JSON.stringify([done, all, right, checked, store.answers]);
    if (state === this.#reported) return;
    this.#reported = state;
    const is12 = this.version === '1.2';
    const names = this.#names;
    this.api.set(is12 ? 'cmi.core.lesson_status' : 'cmi.completion_status', done === all ? 'completed' : 'incomplete');
    if (!is12 && all > 0) this.api.set('cmi.progress_measure', String(done / all));
    if (checked > 0) {
      this.api.set(`${names.score}.min`, '0');
      this.api.set(`${names.score}.max`, '100');
      this.api.set(`${names.score}.raw`, String(Math.round((right / checked) * 100)));
      if (!is12) this.api.set('cmi.score.scaled', String(right / checked));
    }
    this.#interactions(store);
    this.api.commit();
  }

  /** Has everything stored, as if the session ended here. A lesson that is not finished goes on where it was. */
  keep(): void {
    if (!this.#isOpen) return;
    this.api.set(this.#names.time, sessionTime(this.version, Date.now() - this.#started));
    this.api.set(this.#names.exit, 'suspend');
    this.api.commit();
  }

  end(store: AnswerStore | null): void {
    if (!this.#isOpen) return;
    if (store) this.report(store);
    this.keep();
    this.api.end();
    this.#isOpen = false;
  }

  get #names() {
    return NAMES[this.version];
  }

  /** All questions in the document's order, since an entry keeps its number; those without an answer are neutral. */
  #interactions(store: AnswerStore): void {
    const questions = store.lesson.parts.filter((part): part is Question => part.type === 'question');
    for (const [i, question] of questions.entries()) {
      const entry = `cmi.interactions.${i}`;
      const given = store.given(question.id);
      this.api.set(
        `${entry}.id`,
        this.version === '1.2' ? identifier(question.id) : `urn:convlab:${encodeURIComponent(question.id)}`,
      );
      this.api.set(`${entry}.type`, this.#type(question));
      if (!given || given.value === '') continue;
      this.api.set(`${entry}.${this.#names.response}`, this.#response(question, given));
      this.api.set(`${entry}.result`, this.#result(question, given));
    }
  }

  #type(question: Question): string {
    const kind = kindOf(question);
    if (kind === 'number') return 'numeric';
    if (kind === 'choice') return 'choice';
    return this.version === '1.2' ? 'fill-in' : 'long-fill-in';
  }

  #response(question: Question, { value }: Given): string {
    if (kindOf(question) !== 'choice') return String(value).slice(0, MOST_RESPONSE[this.version]);
    // A choice is reported by a letter.
    return String.fromCharCode('a'.charCodeAt(0) + (question.choices?.indexOf(String(value)) ?? 0));
  }

  #result(question: Question, { value, shown }: Given): string {
    if (!hasAnswer(question)) return 'neutral';
    if (!shown && isRight(question, value)) return 'correct';
    return this.version === '1.2' ? 'wrong' : 'incorrect';
  }
}

/** SCORM 1.2 allows only these signs in an identifier. */
const identifier = (id: string): string => id.normalize('NFD').replace(/[^\w.-]/g, '_');

interface Found {
  version: Version;
  api: Api;
}

type Functions = Record<string, (...values: string[]) => unknown>;

/** Looks through the frames around, then through those of the window that opened this one. */
function findApi(from: Window): Found | null {
  return searched(from) ?? (from.opener ? searched(from.opener as Window) : null);
}

/** More frames than this are not searched. */
const MOST_FRAMES = 50;

function searched(from: Window): Found | null {
  let frame = from;
  for (let i = 0; i < MOST_FRAMES; i += 1) {
    try {
      const { API_1484_11: api2004, API: api12 } = frame as unknown as { API_1484_11?: Functions; API?: Functions };
      if (api2004)
        return {
          version: '2004',
          api: wrapped(api2004, ['Initialize', 'GetValue', 'SetValue', 'Commit', 'Terminate']),
        };
      if (api12)
        return {
          version: '1.2',
          api: wrapped(api12, ['LMSInitialize', 'LMSGetValue', 'LMSSetValue', 'LMSCommit', 'LMSFinish']),
        };
    } catch {
      // A frame of another site cannot be read, and neither can those around it be the course system's.
      return null;
    }
    if (frame.parent === frame) return null;
    frame = frame.parent;
  }
  return null;
}

function wrapped(functions: Functions, [start, get, set, commit, end]: [string, string, string, string, string]): Api {
  const call = (name: string, ...values: string[]) => {
    try {
      return String(functions[name]?.(...values) ?? '');
    } catch {
      // A course system that fails must not stop the lesson.
      return '';
    }
  };
  return {
    start: () => call(start, ''),
    get: (name) => call(get, name),
    set: (name, value) => call(set, name, value),
    commit: () => call(commit, ''),
    end: () => call(end, ''),
  };
}

const COMPRESSED = 'z:';

/** The progress as text of at most this length: compressed if needed, and then with the longest texts shortened. */
export function packed(progress: Progress, most: number): { text: string; isWhole: boolean } {
  let [kept, isWhole] = [progress, true];
  for (;;) {
    const text = JSON.stringify(kept);
    // Only signs of ASCII, since course systems count and store others differently.
    if (text.length <= most && /^[ -~]*$/.test(text)) return { text, isWhole };
    const compressed = COMPRESSED + btoa(strFromU8(deflateSync(strToU8(text), { level: 9 }), true));
    if (compressed.length <= most) return { text: compressed, isWhole };
    const shorter = shortened(kept);
    if (!shorter) return { text: '', isWhole: false };
    [kept, isWhole] = [shorter, false];
  }
}

/** With the longest text cut by a fifth; null if there is no text left. */
function shortened({ answers, runs }: Progress): Progress | null {
  const texts = Object.entries(answers).filter(([, { value }]) => typeof value === 'string' && value.length > 1);
  const [longest] = texts.sort(([, a], [, b]) => String(b.value).length - String(a.value).length);
  if (!longest) return null;
  const [id, given] = longest;
  const value = String(given.value);
  return { answers: { ...answers, [id]: { ...given, value: value.slice(0, Math.floor(value.length * 0.8)) } }, runs };
}

/** The longest progress that is read; a small text can be the compressed form of a very large one. */
const MOST_UNPACKED = 1 << 20;

export function unpacked(text: string): unknown {
  try {
    if (!text.startsWith(COMPRESSED)) return JSON.parse(text);
    const bytes = strToU8(atob(text.slice(COMPRESSED.length)), true);
    return JSON.parse(strFromU8(inflateSync(bytes, { out: new Uint8Array(MOST_UNPACKED) })));
  } catch {
    return null;
  }
}

/** `0001:02:03.45` and `PT1H2M3.45S`. */
export function sessionTime(version: Version, ms: number): string {
  const seconds = Math.min(ms / 1000, 9999 * 3600);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), (seconds % 60).toFixed(2)];
  if (version === '2004') return `PT${h}H${m}M${s}S`;
  return `${String(h).padStart(4, '0')}:${String(m).padStart(2, '0')}:${s.padStart(5, '0')}`;
}
