/** `<lesson-text>`: Markdown of a lesson. */
import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { base } from '../ui/styles/base';
import type { Images } from './document';
import { lessonHtml } from './markdown';
import { prose } from './styles';

@customElement('lesson-text')
export class LessonText extends LitElement {
  @property() text = '';
  /** The address of the lesson, to which addresses in the text are relative. */
  @property() base = '';
  /** The images of the lesson, by the names in the text. */
  @property({ attribute: false }) images: Images = undefined;

  static override styles = [base, prose];

  override render() {
    return html`<div class="prose" dir="auto">${unsafeHTML(lessonHtml(this.text, this.base, this.images))}</div>`;
  }
}
