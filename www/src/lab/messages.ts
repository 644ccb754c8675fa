/** The messages above the views: one sentence each, some with buttons, shown until dismissed. */
import { type Failure, failureOf, isCrash } from '../base/failure';
import { Observable } from './observable';
import { LAB } from './text';

export interface Message {
  id: number;
  kind: 'error' | 'notice';
  text: string;
  /** A table below the text. */
  rows?: readonly (readonly string[])[];
  /** Buttons below the text. Each one takes the message away. */
  actions?: readonly Action[];
  /** Called when the message goes, in any way. */
  gone?(): void;
}

export interface Action {
  label: string;
  act(): void;
}

/** What a message may have beside its text. */
type Extras = Pick<Message, 'rows' | 'actions' | 'gone'>;

/** The engine's message; if WebAssembly itself has stopped, a message that says what to do. */
export function sentence(error: unknown): string {
  const failure = isFailure(error) ? error : failureOf(error);
  return isCrash(failure) ? LAB.crash(failure.message) : failure.message;
}

const isFailure = (error: unknown): error is Failure =>
  typeof error === 'object' && error !== null && 'name' in error && 'message' in error;

/** The newest messages are shown; more would cover the page. */
const MOST = 4;

export class Messages extends Observable {
  list: readonly Message[] = [];
  #next = 1;

  /** `onCrash` is called when WebAssembly itself has stopped, so that the worker no longer answers. */
  constructor(private onCrash: (why: string) => void) {
    super();
  }

  error(text: string, actions: readonly Action[] = []): void {
    this.#add('error', text, { actions });
  }

  /** Shows an error that was thrown here or in the worker; `file` is the name of the file that caused it. */
  failure(error: unknown, file?: string): void {
    const failure = isFailure(error) ? error : failureOf(error);
    if (isCrash(failure)) this.onCrash(failure.message);
    else this.error(file === undefined ? sentence(failure) : LAB.problem(file, sentence(failure)));
  }

  /** Does something, and shows the error if it fails. */
  async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.failure(error);
    }
  }

  notice(text: string): void {
    this.#add('notice', text);
  }

  /** Asks; the number of the answer, or null if the question is dismissed. */
  ask(text: string, answers: readonly string[], rows: readonly (readonly string[])[] = []): Promise<number | null> {
    return new Promise((answered) => {
      const actions = answers.map((label, i) => ({ label, act: () => answered(i) }));
      this.#add('notice', text, { rows, actions, gone: () => answered(null) });
    });
  }

  /** Takes a message away; with the action of the button that was pressed. */
  dismiss(id: number, action?: Action): void {
    action?.act();
    this.#keep(this.list.filter((message) => message.id !== id));
  }

  /** Removes a message that no longer applies. */
  retract(text: string): void {
    this.#keep(this.list.filter((message) => message.text !== text));
  }

  /** Removes the errors of an earlier attempt when a new one begins; notices stay. */
  clearErrors(): void {
    this.#keep(this.list.filter((message) => message.kind !== 'error'));
  }

  #add(kind: Message['kind'], text: string, extras: Extras = {}): void {
    const others = this.list.filter((message) => message.text !== text);
    this.#keep([...others, { ...extras, id: this.#next++, kind, text }].slice(-MOST));
  }

  #keep(list: readonly Message[]): void {
    const gone = this.list.filter((message) => !list.includes(message));
    this.list = list;
    for (const message of gone) message.gone?.();
    this.changed();
  }
}
