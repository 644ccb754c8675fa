/**
 * The lifecycle of `<conv-lab>`: it creates a `Lab` when it becomes visible and closes it when it is removed from the page. The
 * subclass renders it.
 */
import { LitElement, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Experiment, History, Submission } from '../base/engine';
import { fromUrl } from '../base/settings';
import { createLab, type Lab, type Theme } from '../lab/lab';
import { sentence } from '../lab/messages';
import { experimentSource, SETTING_ATTRIBUTES, settingsOf } from './attributes';
import { announcer } from './events';
import { loadExperiment } from './load';
import { EMBED } from './text';
import type { ConvLabElement, LabState } from './types';

/** A lab starts to load at this distance from the visible part of the page. */
const NEAR = '200px';

export abstract class LabHost extends LitElement implements ConvLabElement {
  /** The address of the folder with the site, if it is known. It contains the data files and the full lab. */
  static site = '';

  /** A preset's id, the address of a document, or the document itself. */
  @property() experiment = '';
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
  @property({ reflect: true }) theme: Theme = '';
  /** Whether the lab is the whole page, so that the page's address has its settings. */
  @property({ type: Boolean, reflect: true }) page = false;
  /** The address of the full lab, for the link to it. */
  @property({ attribute: 'lab-url' }) labUrl = '';
  /** The guessed test accuracy, 0 to 1. */
  @state() protected guessed: number | null = null;
  @state() protected lab: Lab | null = null;
  #spec: Experiment | null = null;
  #seen: IntersectionObserver | null = null;
  #opening: Promise<void> | null = null;

  /** The experiment as an object, which has priority over the attribute. */
  get spec(): Experiment | null {
    return this.#spec;
  }
  set spec(spec: Experiment | null) {
    this.#spec = spec;
    if (this.lab?.phase === 'ready') void this.#choose(this.lab);
  }

  /** The state of the run; `idle` before the first one. */
  get state(): LabState {
    return this.lab?.run.state ?? 'idle';
  }

  /** Starts a run, once everything is loaded, even if the element is not visible yet. Resolves when the run has started. */
  async start(): Promise<void> {
    const lab = await this.#ready();
    await lab.start();
  }

  async pause(): Promise<void> {
    await this.lab?.run.pause();
  }

  async resume(): Promise<void> {
    await this.lab?.run.resume();
  }

  async stop(): Promise<void> {
    await this.lab?.run.stop();
  }

  /** The history of the run so far, with Keras's names. */
  history(): Promise<History> {
    return this.#trained().worker.history();
  }

  /** The weights as a safetensors file. */
  weights(): Promise<Uint8Array> {
    return this.#trained().worker.weights();
  }

  /** The finished run as `convlab verify` reads it. */
  async submission(): Promise<Submission> {
    const submission = await this.#trained().worker.submission();
    return this.guessed === null ? submission : { ...submission, guess: this.guessed };
  }

  /** Starts a new engine after the old one has stopped. */
  async restart(): Promise<void> {
    this.#letGo();
    await this.#open();
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
    this.#opening = null;
  }

  override willUpdate(changed: PropertyValues): void {
    const { lab } = this;
    if (!lab) return;
    if (changed.has('theme')) lab.setTheme(this.theme);
    if (changed.has('locked') || changed.has('compact')) this.#fix(lab);
    // Before the lab is open, changes have no effect, since the attributes are read when it opens.
    if (lab.phase !== 'ready' || !this.hasUpdated || changed.has('lab')) return;
    if (changed.has('experiment')) void this.#choose(lab);
    else if (Object.keys(SETTING_ATTRIBUTES).some((name) => changed.has(name))) this.#apply(lab);
  }

  /** Fixes what the page has set. */
  #fix(lab: Lab): void {
    lab.fix(this.locked, this.locked || this.compact);
  }

  /** Opens the lab, once. */
  #open(): Promise<void> {
    this.#seen?.disconnect();
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin(): Promise<void> {
    // A card does not show stored runs, so it stores none.
    const lab = createLab(!this.compact);
    lab.setTheme(this.theme);
    this.#fix(lab);
    const tell = announcer(lab, this, () => this.guessed);
    lab.subscribe(() => {
      this.requestUpdate();
      tell();
    });
    this.lab = lab;
    if (this.page) return lab.open(location.search, document.baseURI);
    await lab.open(this.#search(), LabHost.site, () => this.#own());
    // The author of the page has chosen the engine; only the full lab says how to turn WebGPU on.
    if (lab.gpuNotice) lab.messages.retract(lab.gpuNotice);
    this.#report(lab);
  }

  async #ready(): Promise<Lab> {
    if (!this.isConnected) throw new Error(EMBED.notStarted);
    await this.#open();
    if (this.lab?.phase !== 'ready') throw new Error(this.lab?.messages.list.at(-1)?.text ?? EMBED.notStarted);
    return this.lab;
  }

  #trained(): Lab {
    if (!this.lab?.run.info) throw new Error(EMBED.nothingYet);
    return this.lab;
  }

  #value(name: string): string {
    return String(this[name as keyof this] ?? '');
  }

  /** The attributes in the form of the lab's address. */
  #search(): string {
    const { search } = settingsOf((name) => this.#value(name) || (name === 'engine' && this.locked ? 'cpu' : ''));
    const source = experimentSource(this.experiment);
    if (this.#spec || source.kind !== 'preset' || source.id === '') return search;
    return `${search || '?'}&experiment=${encodeURIComponent(source.id)}`;
  }

  #report(lab: Lab): void {
    const { problems } = settingsOf((name) => this.#value(name));
    for (const { name, received, expects } of problems) {
      lab.messages.error(EMBED.attribute(name, expects ?? '', received));
    }
  }

  #apply(lab: Lab): void {
    lab.messages.clearErrors();
    this.#report(lab);
    const { experiment: _, ...settings } = fromUrl(this.#search()).settings;
    void lab.take(settings, lab.custom);
  }

  /** The experiment of the attribute or the property; null for a preset. */
  async #own(): Promise<Experiment | null> {
    const source = experimentSource(this.experiment);
    return this.#spec ?? (source.kind === 'preset' ? null : loadExperiment(source));
  }

  /** Changes to another experiment. */
  async #choose(lab: Lab): Promise<void> {
    try {
      const { experiment, ...settings } = fromUrl(this.#search()).settings;
      const custom = await this.#own();
      await lab.take(custom || !experiment ? settings : { ...settings, experiment }, custom);
    } catch (error) {
      lab.messages.error(sentence(error));
    }
  }
}
