/** The attributes of `<conv-lab>`, and what they and the assignment that they name say together. */

import { property, state } from 'lit/decorators.js';
import type { Experiment } from '../base/engine';
import { quoted } from '../base/format';
import { THEMES, type Theme } from '../base/platform';
import type { Lab } from '../lab/lab';
import { LocalizedElement } from '../locales/language';
import type { AssignmentState } from './assigned';
import { experimentSource, settingsOf } from './attributes';
import { HOST } from './host-text';

export abstract class LabAttributes extends LocalizedElement {
  /** A preset's id, the address of a document, or the document itself. */
  @property() experiment = '';
  /** An assignment: the address of its document, the document itself, or the id of a preset. It sets everything else. */
  @property() assignment = '';
  @property() view = '';
  @property() engine = '';
  @property() data = '';
  @property() epochs = '';
  @property() batch = '';
  @property() seed = '';
  @property() train = '';
  @property() test = '';
  /** One card with one view, instead of the whole lab. */
  @property({ type: Boolean, reflect: true }) compact = false;
  /** Whether the experiment cannot be changed and a finished run can be handed in. */
  @property({ type: Boolean, reflect: true }) locked = false;
  /** The student guesses the test accuracy before the run. */
  @property({ type: Boolean, reflect: true }) guess = false;
  /** How much of the experiment's text a card shows: `all`, `question` or `none`. */
  @property() about = '';
  /** Answers to questions of the page around, which a submission carries. */
  @property({ attribute: false }) answers: Record<string, string | number | boolean> | null = null;
  @property({ reflect: true }) theme: Theme = '';
  /** Whether the lab is the whole page, so that the page's address has its settings. */
  @property({ type: Boolean, reflect: true }) page = false;
  /** The address of the full lab, for the link to it. */
  @property({ attribute: 'lab-url' }) labUrl = '';
  /** The assignment, once it is loaded. */
  @state() protected assigned: AssignmentState | null = null;
  /** The experiment as an object, which has priority over the attribute. */
  protected object: Experiment | null = null;
  /** A problem of the address from which the attributes were taken. */
  addressProblem = '';

  protected get knownTheme(): Theme {
    return THEMES.find((theme) => theme === this.theme) ?? '';
  }

  /** Whether a name is still to be given: no run starts before that. */
  protected get asksName(): boolean {
    return this.assignment !== '' && !this.assigned?.student;
  }

  /** Whether a guess is asked for, by the page or by the assignment's rubric. */
  protected get asksGuess(): boolean {
    return this.guess || this.assigned?.info.asks_guess === true;
  }

  /** The attributes in the form of the lab's address. */
  protected get search(): string {
    if (this.assignment) {
      const { engine } = this.assigned?.info ?? { engine: 'cpu' };
      const { search } = settingsOf((name) => (name === 'view' || name === 'theme' ? this.#value(name) : ''));
      return `${search || '?'}&data=official&engine=${engine}`;
    }
    const { search } = settingsOf((name) => this.#value(name) || (name === 'engine' && this.locked ? 'cpu' : ''));
    const source = experimentSource(this.experiment);
    if (this.object || source.kind !== 'preset' || source.id === '') return search;
    return `${search || '?'}&experiment=${encodeURIComponent(source.id)}`;
  }

  /** Shows what is wrong with the attributes, a sentence each. */
  protected report({ messages }: Lab): void {
    if (this.addressProblem) messages.error(this.addressProblem);
    const { problems } = settingsOf((name) => this.#value(name));
    for (const { name, received, expects } of problems) {
      messages.error(HOST.attribute(name, expects ?? '', quoted(received)));
    }
  }

  /** The value of an attribute as it was given. */
  #value(name: string): string {
    return String(this[(name === 'lab-url' ? 'labUrl' : name) as keyof this] ?? '');
  }
}
