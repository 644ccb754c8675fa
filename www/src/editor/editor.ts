/** `<lesson-editor>`: a lesson made by hand, with its preview and its files. */

import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { textOf } from '../base/decode';
import { presetText } from '../base/localized';
import { checked } from '../lesson/check';
import type { Lesson, Part, PartType } from '../lesson/document';
import { PART_TYPES } from '../lesson/document';
import { MOST_CHARACTERS, readLesson } from '../lesson/read';
import { AnswerStore } from '../lesson/store';
import '../lesson/view';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tokens } from '../ui/styles/tokens';
import {
  example,
  inserted,
  keepDraft,
  keptDraft,
  moved,
  newPart,
  removed,
  withField,
  withoutImage,
  withPart,
} from './draft';
import { check, choice, line, numberOrText } from './fields';
import { imageList, type NewImage } from './images';
import './part-form';
import { placeIn, previewKeeper } from './preview';
import './publish';
import { editorStyles, formStyles } from './styles';
import { EDITOR } from './text';

/** A character takes at most four bytes. */
const MOST_BYTES = 4 * MOST_CHARACTERS;

@customElement('lesson-editor')
export class LessonEditor extends LitElement {
  /** The address of the site, which the packed lesson contains. */
  @property() site = '';
  @state() private lesson: Lesson = keptDraft() ?? example();
  @state() private shown: { lesson: Lesson; store: AnswerStore } | null = null;
  @state() private problem = '';
  @state() private isKept = true;
  @state() private deleted: { part: Part; index: number } | null = null;
  @state() private opening: Lesson | null = null;
  @state() private said = '';
  @state() private experiments: Record<string, string> = {};
  /** A key for each part, so that a form keeps its state when parts are moved. */
  #keys: number[] = [];
  #nextKey = 0;
  readonly #keeper = previewKeeper();

  static override styles = [tokens, base, controls, formStyles, editorStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#change(this.lesson);
    void import('../worker/presets').then(({ presets }) => {
      const trainable = presets.filter((preset) => preset.trainable).map(presetText);
      this.experiments = Object.fromEntries(trainable.map(({ id, title }) => [id, `${id}: ${title}`]));
    });
  }

  /** Takes a document in place of the draft, for example that of an address. */
  async open(source: string): Promise<void> {
    try {
      const lesson = await readLesson(source);
      const isNew = JSON.stringify(this.lesson) === JSON.stringify(example());
      if (isNew) this.#replace(lesson);
      else this.#ask(lesson);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  async #read(file: File): Promise<void> {
    let text: string;
    try {
      text = await textOf(file, MOST_BYTES);
    } catch (error) {
      return this.say(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await this.open(text);
  }

  say(text: string): void {
    this.said = text;
  }

  override render() {
    return html`
      ${this.#toolbar()}
      <div class="columns">
        <div class="stack">
          ${this.#about()}
          <h2>${EDITOR.parts}</h2>
          ${repeat(
            this.lesson.parts,
            (_, i) => this.#keys[i],
            (part, i) => this.#part(part, i),
          )}
          ${this.#add()}
          <lesson-publish .lesson=${this.problem ? null : this.lesson} .site=${this.site}></lesson-publish>
        </div>
        <section class="preview" aria-labelledby="preview" tabindex="0">
          <h2 id="preview">${EDITOR.preview}</h2>
          <p class="error problem" role="status" ?hidden=${!this.problem}>${this.problem}</p>
          ${this.shown ? html`<lesson-view .lesson=${this.shown.lesson} .store=${this.shown.store} .base=${new URL('lessons/', this.site).href}></lesson-view>` : nothing}
        </section>
      </div>
    `;
  }

  #toolbar() {
    return html`<div class="row">
        <button class="small" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}>
          ${icons.upload}${EDITOR.open}
        </button>
        <input id="file" type="file" accept=".md,.json,.txt" aria-label=${EDITOR.open} hidden @change=${this.#opened} />
        <button class="small" @click=${() => this.#ask(example())}>${EDITOR.fresh}</button>
        <span class="small soft">${this.isKept ? EDITOR.kept : EDITOR.notKept}</span>
      </div>
      ${
        this.opening
          ? html`<div class="card opening" role="group" aria-label=${EDITOR.replace}>
              <p><strong>${this.opening.lesson}</strong></p>
              <p>${EDITOR.replaces}</p>
              <div class="row">
                <button class="primary" @click=${() => this.#answer(this.opening)}>${EDITOR.replace}</button>
                <button @click=${() => this.#answer(null)}>${EDITOR.cancel}</button>
              </div>
            </div>`
          : nothing
      }
      <p class="small said" role="status">
        ${this.said}
        ${this.deleted ? html`<button class="small quiet undo" @click=${this.#undo}>${icons.undo}${EDITOR.undo}</button>` : nothing}
      </p>`;
  }

  #about() {
    const { lesson } = this;
    const words = EDITOR.fields;
    const set = (name: string) => (value: unknown) => this.#change(withField(lesson, name, value));
    return html`<section class="card">
      <header><h2>${EDITOR.about}</h2></header>
      <div class="fields">
        ${line(words.lesson, lesson.lesson, (value) => this.#change({ ...lesson, lesson: value }), { wide: true })}
        ${line(words.description, lesson.description, set('description'), { wide: true })}
        ${line(words.id, lesson.id, set('id'))}
        ${line(words.minutes, lesson.minutes, (value) => set('minutes')(numberOrText(value)))}
        ${line(words.language, lesson.language, set('language'))}
        ${choice(words.hints, lesson.hints ?? 'shown', EDITOR.hints, (value) => set('hints')(value === 'shown' ? '' : value))}
        ${check(words.feedback, lesson.feedback !== false, (on) => this.#feedback(on))}
        ${imageList(lesson.images, (name) => this.#change(withoutImage(lesson, name)))}
      </div>
    </section>`;
  }

  #part(part: Part, index: number) {
    const name = EDITOR.part(index + 1, EDITOR.types[part.type]);
    const button = (label: string, icon: unknown, disabled: boolean, act: () => void) =>
      html`<button class="small icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${act}>${icon}</button>`;
    return html`<section class="card part" id="part-${index}" aria-label=${name}>
      <header>
        <h3>${name}</h3>
        ${button(EDITOR.up(name), icons.up, index === 0, () => this.#move(index, index - 1))}
        ${button(EDITOR.down(name), icons.down, index === this.lesson.parts.length - 1, () => this.#move(index, index + 1))}
        ${button(EDITOR.remove(name), icons.trash, false, () => this.#remove(index))}
      </header>
      <lesson-part-form
        .value=${part}
        .experiments=${this.experiments}
        .images=${this.lesson.images}
        @part=${({ detail }: CustomEvent<Part>) => this.#change(withPart(this.lesson, index, detail))}
        @image=${({ detail }: CustomEvent<{ image: NewImage; part: Part }>) => this.#image(detail.image, detail.part, index)}
      ></lesson-part-form>
    </section>`;
  }

  #image({ name, content }: NewImage, part: Part, index: number): void {
    const { lesson } = this;
    this.#change(withPart({ ...lesson, images: { ...lesson.images, [name]: content } }, index, part));
  }

  #add() {
    return html`<div class="row add">
      ${PART_TYPES.map(
        (type) =>
          html`<button class="small" @click=${() => this.#insert(type)}>${icons.plus}${EDITOR.add(EDITOR.types[type])}</button>`,
      )}
    </div>`;
  }

  #insert(type: PartType): void {
    const part = newPart(type, this.lesson);
    this.#change(inserted(this.lesson, this.lesson.parts.length, part));
    void this.updateComplete.then(() =>
      [...this.renderRoot.querySelectorAll('.part')].at(-1)?.scrollIntoView({ block: 'nearest' }),
    );
  }

  #move(from: number, to: number): void {
    const [key] = this.#keys.splice(from, 1);
    this.#keys.splice(to, 0, key ?? this.#nextKey++);
    this.#change(moved(this.lesson, from, to));
  }

  #remove(index: number): void {
    const part = this.lesson.parts[index];
    if (!part) return;
    this.deleted = { part, index };
    this.say(EDITOR.removed(EDITOR.part(index + 1, EDITOR.types[part.type])));
    this.#keys.splice(index, 1);
    this.#change(removed(this.lesson, index));
    this.#focus('.undo');
  }

  readonly #undo = (): void => {
    if (!this.deleted) return;
    const { part, index } = this.deleted;
    [this.deleted, this.said] = [null, ''];
    this.#keys.splice(index, 0, this.#nextKey++);
    this.#change(inserted(this.lesson, index, part));
    this.#focus(`#part-${index} button:last-of-type`);
  };

  /** Asks whether a lesson takes the place of the draft. */
  #ask(lesson: Lesson): void {
    this.opening = lesson;
    this.#focus('.opening button');
  }

  /** The lesson takes the place of the draft, or with null the draft stays. */
  #answer(lesson: Lesson | null): void {
    this.opening = null;
    if (lesson) this.#replace(lesson);
    this.#focus('button');
  }

  /** A button that is pressed may be gone afterwards, so the focus is put where the work goes on. */
  #focus(selector: string): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(selector)?.focus());
  }

  /** Feedback is on unless the document turns it off. */
  #feedback(on: boolean): void {
    const { feedback: _, ...rest } = this.lesson;
    this.#change(on ? rest : { ...rest, feedback: false });
  }

  #replace(lesson: Lesson): void {
    [this.opening, this.deleted] = [null, null];
    this.#keys = [];
    this.say(EDITOR.opened(lesson.lesson));
    this.#change(lesson);
  }

  /** Takes a new draft. While it has an error, the preview shows the last one without. */
  #change(lesson: Lesson): void {
    this.lesson = lesson;
    while (this.#keys.length < lesson.parts.length) this.#keys.push(this.#nextKey++);
    this.#keys.length = lesson.parts.length;
    this.isKept = keepDraft(lesson);
    try {
      checked(lesson, placeIn(lesson));
      this.problem = '';
      this.shown = { lesson, store: new AnswerStore(lesson, this.#keeper) };
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  readonly #opened = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) await this.#read(file);
    input.value = '';
  };
}
