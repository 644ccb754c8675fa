/** The messages above the views: one sentence each, shown until dismissed. */
import { type Failure, failureOf, isCrash } from '../base/failure';
import { Observable } from './observable';
import { LAB } from './text';

export interface Message {
  id: number;
  kind: 'error' | 'notice';
  text: string;
}

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

  error(text: string): void {
    this.#add('error', text);
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

  dismiss(id: number): void {
    this.list = this.list.filter((message) => message.id !== id);
    this.changed();
  }

  /** Removes a message that no longer applies. */
  retract(text: string): void {
    this.list = this.list.filter((message) => message.text !== text);
    this.changed();
  }

  /** Removes the errors of an earlier attempt when a new one begins; notices stay. */
  clearErrors(): void {
    this.list = this.list.filter((message) => message.kind !== 'error');
    this.changed();
  }

  #add(kind: Message['kind'], text: string): void {
    const others = this.list.filter((message) => message.text !== text);
    this.list = [...others, { id: this.#next++, kind, text }].slice(-MOST);
    this.changed();
  }
}
