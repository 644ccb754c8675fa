/**
 * The lifecycle of `<conv-lab>`: it creates a `Lab` when it becomes visible and closes it when it is removed from the page. The base
 * class has the attributes; the subclass renders it.
 */

import type { Remote } from 'comlink';
import type { PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import type { Assigned, Experiment, History, Submission } from '../base/engine';
import { fromUrl } from '../base/settings';
import { createLab, type Lab } from '../lab/lab';
import { sentence } from '../lab/messages';
import { languageFor } from '../locales/language';
import type { Homework } from '../worker/homework';
import { webAddress } from './address';
import { type Asked, ask } from './asked';
import { type AssignmentState, given, withOption } from './assigned';
import { experimentSource, SETTING_ATTRIBUTES } from './attributes';
import { announcer } from './events';
import { hasAnswers } from './hand-in-file';
import { HOST } from './host-text';
import { LabAttributes } from './lab-attributes';
import type { ConvLabElement, LabState } from './types';

/** A lab starts to load at this distance from the visible part of the page. */
const NEAR = '200px';

export abstract class LabHost extends LabAttributes implements ConvLabElement {
  /** The address of the folder with the site, if it is known. It contains the data files and the full lab. */
  static site = '';

  /** The guessed test accuracy, 0 to 1. */
  @state() protected guessed: number | null = null;
  @state() protected lab: Lab | null = null;
  /** An address of another site from which the experiment is loaded if the student agrees. */
  @state() protected asked: Asked | null = null;
  #seen: IntersectionObserver | null = null;
  #opening: Promise<void> | null = null;
  /** Aborted when the lab is closed. */
  #removed = new AbortController();
  #homework: Remote<Homework> | null = null;
  readonly #ask = (address: string) =>
    ask(address, (asked) => {
      this.asked = asked;
    });

  /** The experiment as an object, which has priority over the attribute. */
  get spec(): Experiment | null {
    return this.object;
  }
  set spec(spec: Experiment | null) {
    this.object = spec;
    if (this.lab?.phase === 'ready') void this.#choose(this.lab);
  }

  /** The state of the run; `idle` before the first one. */
  get state(): LabState {
    return this.lab?.run.state ?? 'idle';
  }

  /** Starts a run, once everything is loaded, even if the element is not visible yet. Resolves when the run has started. */
  async start(): Promise<void> {
    await this.#unlessRemoved(this.#ready().then((lab) => lab.start()));
  }

  async pause(): Promise<void> {
    if (this.lab) await this.#unlessRemoved(this.lab.run.pause());
  }

  async resume(): Promise<void> {
    if (this.lab) await this.#unlessRemoved(this.lab.run.resume());
  }

  async stop(): Promise<void> {
    if (this.lab) await this.#unlessRemoved(this.lab.run.stop());
  }

  /** The history of the run so far, with Keras's names. */
  history(): Promise<History> {
    return this.#unlessRemoved(this.#trained().worker.history());
  }

  /** The weights as a safetensors file. */
  weights(): Promise<Uint8Array> {
    return this.#unlessRemoved(this.#trained().worker.weights());
  }

  /** The finished run as `convlab verify` reads it. */
  async submission(): Promise<Submission> {
    const submission = await this.#unlessRemoved(this.#trained().worker.submission());
    const answers = { ...this.answers, ...(this.assigned && given(this.assigned)) };
    return {
      ...submission,
      ...(this.guessed !== null && { guess: this.guessed }),
      ...(this.assigned?.student && { student: this.assigned.student }),
      ...(hasAnswers(answers) && { answers }),
    };
  }

  /** Starts a new engine after the old one has stopped. The name, the answers and the changed options of an assignment stay. */
  restart(): Promise<void> {
    return this.#again(this.assigned);
  }

  /** Closes the lab and opens another one, with the assignment as it was, or from its beginning. */
  #again(assigned: AssignmentState | null): Promise<void> {
    this.#letGo();
    this.assigned = assigned;
    return this.#open();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.page) {
      void this.#open();
      return;
    }
    this.#seen = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && void this.#open(),
      { rootMargin: NEAR },
    );
    this.#seen.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letGo();
    this.guessed = null;
  }

  #letGo(): void {
    this.#seen?.disconnect();
    this.lab?.close();
    this.lab = null;
    this.#homework = null;
    this.assigned = null;
    this.asked = null;
    this.#opening = null;
    this.#removed.abort(new Error(HOST.removed));
    this.#removed = new AbortController();
  }

  /** The answer; fails if the lab is closed meanwhile, because its worker can then no longer give one. */
  #unlessRemoved<T>(answer: Promise<T>): Promise<T> {
    const { signal } = this.#removed;
    const removed = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return Promise.race([answer, removed]);
  }

  override willUpdate(changed: PropertyValues): void {
    const { lab } = this;
    if (!lab) return;
    if (changed.has('theme')) lab.setTheme(this.knownTheme);
    if (changed.has('locked') || changed.has('compact')) this.#fix(lab);
    // Before the lab is open, changes have no effect, since the attributes are read when it opens.
    if (lab.phase === 'loading' || !this.hasUpdated || changed.has('lab')) return;
    if (changed.has('assignment')) void this.#again(null);
    else if (this.assignment || lab.phase === 'broken') return;
    else if (changed.has('experiment')) void this.#choose(lab);
    else if (Object.keys(SETTING_ATTRIBUTES).some((name) => changed.has(name))) this.#apply(lab);
  }

  /** Fixes what the page has set. */
  #fix(lab: Lab): void {
    const { assigned } = this;
    const locked = this.locked || this.assignment !== '';
    lab.fix(locked, locked || this.compact, assigned?.info.portable ?? locked);
  }

  /** Opens the lab, once. */
  #open(): Promise<void> {
    this.#seen?.disconnect();
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin(): Promise<void> {
    const { signal } = this.#removed;
    const language = languageFor(this);
    if (language) await language;
    if (signal.aborted) return;
    // A card does not show stored runs, so it stores none.
    const lab = createLab(!this.compact);
    lab.setTheme(this.knownTheme);
    this.#fix(lab);
    const tell = announcer(lab, this, () => this.guessed);
    lab.subscribe(() => {
      this.requestUpdate();
      tell();
    });
    this.lab = lab;
    if (this.assignment) await this.#assign(lab);
    if (this.page) return lab.open(location.search, document.baseURI);
    await lab.open(this.search, LabHost.site, () => this.#own());
    // The author of the page has chosen the engine; only the full lab says how to turn WebGPU on.
    if (lab.gpuNotice) lab.messages.retract(lab.gpuNotice);
    this.report(lab);
  }

  async #ready(): Promise<Lab> {
    if (!this.isConnected) throw new Error(HOST.notStarted);
    await this.#open();
    if (this.lab?.phase !== 'ready') throw new Error(this.lab?.messages.list.at(-1)?.text ?? HOST.notStarted);
    if (this.asksName) throw new Error(HOST.nameNeeded);
    return this.lab;
  }

  #trained(): Lab {
    if (!this.lab?.run.info) throw new Error(HOST.nothingYet);
    return this.lab;
  }

  /** The address of the full lab; empty if there is none that a link may lead to. */
  protected get fullLab(): string {
    return (this.labUrl && webAddress(this.labUrl)?.href) || LabHost.site;
  }

  #apply(lab: Lab): void {
    lab.messages.clearErrors();
    this.report(lab);
    const { experiment: _, ...settings } = fromUrl(this.search).settings;
    void lab.take(settings, lab.custom);
  }

  /** Loads the assignment, unless it is here from before a restart. If that fails, the reason is shown, and nothing can be started. */
  async #assign(lab: Lab): Promise<void> {
    try {
      const text = this.assigned?.text ?? (await this.#assignmentText());
      const homework = await lab.worker.homework();
      this.#homework = homework;
      this.assigned ??= { text, info: await homework.assigned(text, null), student: null, answers: {} };
      this.#fix(lab);
    } catch (error) {
      lab.messages.error(sentence(error));
    }
  }

  async #assignmentText(): Promise<string> {
    const source = experimentSource(this.assignment);
    if (source.kind === 'preset') return source.id;
    if (source.kind === 'json') return source.text;
    const { fetchDocument } = await import('./load');
    return (await fetchDocument('assignment', source.url, [location.origin, LabHost.site], this.#ask)).text;
  }

  /** Takes the student's name, and with it the seed of the run; resolves with what is wrong with the name. */
  protected readonly takeName = async (student: string): Promise<string | null> => {
    const { assigned, lab } = this;
    if (!assigned || !lab) return HOST.removed;
    try {
      const info = await this.#homework?.assigned(assigned.text, student);
      if (info) await this.#takeAssigned({ ...assigned, student, info });
      return null;
    } catch (error) {
      return sentence(error);
    }
  };

  /** Changes an option that the assignment leaves to the student. */
  protected readonly takeOption = async (path: string, value: number): Promise<void> => {
    const { assigned, lab } = this;
    if (!assigned || !lab) return;
    lab.messages.clearErrors();
    const info: Assigned = { ...assigned.info, experiment: withOption(assigned.info.experiment, path, value) };
    try {
      await this.#takeAssigned({ ...assigned, info });
    } catch (error) {
      lab.messages.error(sentence(error));
    }
  };

  async #takeAssigned(assigned: AssignmentState): Promise<void> {
    await this.lab?.take({}, assigned.info.experiment);
    this.assigned = assigned;
  }

  /** Begins anew, for another student. */
  protected readonly forgetName = (): void => {
    this.guessed = null;
    void this.#again(null);
  };

  /** The experiment of the attribute or the property; null for a preset. */
  async #own(): Promise<Experiment | null> {
    if (this.assignment) return this.assigned?.info.experiment ?? null;
    const source = experimentSource(this.experiment);
    if (this.object || source.kind === 'preset') return this.object;
    const { loadExperiment } = await import('./load');
    return loadExperiment(source, [location.origin, LabHost.site], this.#ask);
  }

  /** Changes to another experiment. */
  async #choose(lab: Lab): Promise<void> {
    try {
      const { experiment, ...settings } = fromUrl(this.search).settings;
      const custom = await this.#own();
      await lab.take(custom || !experiment ? settings : { ...settings, experiment }, custom);
    } catch (error) {
      lab.messages.error(sentence(error));
    }
  }
}
