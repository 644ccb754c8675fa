/** `<conv-lab-lesson src>`: a lesson in any page. Its code and the document are loaded when it comes into view. */

import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { quoted } from '../base/format';
import { lessonIn } from '../base/localized';
import { type Asked, ask } from '../embed/asked';
import { LabHost } from '../embed/host';
import { fetchDocument } from '../embed/load';
import { LocalizedElement, languageFor } from '../locales/language';
import '../embed/question';
import { sentence } from '../lab/messages';
import { base } from '../ui/styles/base';
import { tokens } from '../ui/styles/tokens';
import type { Lesson } from './document';
import type { AnswerStore, Keeper } from './store';
import { LESSON } from './text';
import type { LessonView } from './view';

const NEAR = '200px';

@customElement('conv-lab-lesson')
export class ConvLabLesson extends LocalizedElement {
  /** The address of the document. */
  @property() src = '';
  /** Whether the lesson is the whole page. */
  @property({ type: Boolean }) page = false;
  /** Keeps the answers elsewhere than in the browser, for example in a course system. */
  @property({ attribute: false }) keeper: Keeper | null = null;
  @state() private shown: { lesson: Lesson; store: AnswerStore; base: string } | null = null;
  @state() private problem = '';
  @state() private asked: Asked | null = null;
  #seen: IntersectionObserver | null = null;
  #isNear = false;
  #loading = '';

  static override styles = [tokens, base];

  /** The progress, once the lesson is shown. */
  get store(): AnswerStore | null {
    return this.shown?.store ?? null;
  }

  /** The number of the part at the upper edge of the window. */
  get position(): number {
    return this.#view?.position ?? 0;
  }

  /** Scrolls to a part. */
  async goTo(part: number): Promise<void> {
    await this.updateComplete;
    await this.#view?.goTo(part);
  }

  get #view(): LessonView | null {
    return this.renderRoot.querySelector('lesson-view');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.page) this.#near();
    else {
      this.#seen = new IntersectionObserver(
        (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#near(),
        {
          rootMargin: NEAR,
        },
      );
      this.#seen.observe(this);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen?.disconnect();
    this.asked?.answer(false);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('src') && this.#isNear) void this.#load();
  }

  override render() {
    const { asked, problem, shown } = this;
    if (asked) {
      return html`<lab-question what="lesson" .address=${asked.address} .answer=${asked.answer}></lab-question>`;
    }
    if (problem) return html`<p class="card error" role="alert">${problem}</p>`;
    if (!shown) return this.src ? html`<p class="empty" role="status">${LESSON.loading}</p>` : nothing;
    const { lesson, store, base } = shown;
    return html`<lesson-view .lesson=${lesson} .store=${store} .base=${base} ?page=${this.page}></lesson-view>`;
  }

  #near(): void {
    this.#seen?.disconnect();
    this.#isNear = true;
    if (this.src) void this.#load();
  }

  async #load(): Promise<void> {
    const { src } = this;
    if (src === this.#loading) return;
    this.#loading = src;
    [this.shown, this.problem] = [null, ''];
    try {
      await languageFor(this);
      const [{ readLesson }, { AnswerStore, localKeeper }, { reportAnswers }] = await Promise.all([
        import('./read'),
        import('./store'),
        import('./report'),
        import('./view'),
      ]);
      const { text, href } = await fetchDocument(
        'lesson',
        this.page ? lessonIn(src) : src,
        [location.origin, LabHost.site],
        (address) =>
          ask(address, (asked) => {
            this.asked = asked;
          }),
      );
      const lesson = await readLesson(text);
      if (src !== this.#loading) return;
      const keeper = this.keeper ?? localKeeper(lesson.id ?? href);
      const store = new AnswerStore(lesson, keeper);
      reportAnswers(lesson, store);
      this.shown = { lesson, store, base: href };
      await this.updateComplete;
      this.dispatchEvent(
        new CustomEvent('convlab-lesson', { detail: { title: lesson.lesson }, bubbles: true, composed: true }),
      );
    } catch (error) {
      if (src === this.#loading) this.problem = quoted(sentence(error), 600);
    }
  }
}
