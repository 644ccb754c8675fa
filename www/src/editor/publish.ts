/** `<lesson-publish>`: the files of a lesson, and the lines that embed it. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { jsonText } from '../base/json-text';
import { download } from '../lab/download';
import type { Lesson } from '../lesson/document';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { assignmentOf, lockedCard } from './assignment';
import { EDITOR } from './text';

type Kind = 'markdown' | 'json' | 'zip' | 'scorm12' | 'scorm2004' | 'assignment';

const KINDS: readonly Kind[] = ['markdown', 'json', 'zip', 'scorm12', 'scorm2004'];

const SHOWN_MS = 2000;

@customElement('lesson-publish')
export class LessonPublish extends LitElement {
  /** Null while the draft has an error. */
  @property({ attribute: false }) lesson: Lesson | null = null;
  @property() site = '';
  @state() private isPacking = false;
  @state() private said = '';
  @state() private problem = '';
  @state() private copied = '';

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        gap: 0.8rem;
      }
      h3 {
        margin-top: 0.4rem;
      }
      .code {
        display: flex;
        gap: 0.6rem;
        align-items: start;
      }
      pre {
        flex: 1;
        min-width: 0;
        margin: 0;
        padding: 0.6rem 0.8rem;
        border-radius: 8px;
        background: var(--sunken);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const off = this.lesson === null || this.isPacking;
    const hasLocked = this.lesson !== null && lockedCard(this.lesson) !== null;
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${EDITOR.publish}</h2>
      <div class="row">
        ${[...KINDS, ...(hasLocked ? (['assignment'] as const) : [])].map(
          (kind) =>
            html`<button class="small" ?disabled=${off} @click=${() => this.#save(kind)}>${icons.download}${EDITOR[kind]}</button>`,
        )}
      </div>
      <p class="small" role="status">${this.isPacking ? EDITOR.packing : this.said}</p>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      <p class="small soft">${EDITOR.zipText}</p>
      <p class="small soft">${EDITOR.scormText}</p>
      ${hasLocked ? html`<p class="small soft">${EDITOR.assignmentText}</p>` : nothing}
      <h3>${EDITOR.embed}</h3>
      ${this.#lines()}
    </section>`;
  }

  #lines() {
    if (!this.lesson) return nothing;
    const name = this.#name('.md');
    const element = `<script type="module" src="conv-lab.js"></script>\n<conv-lab-lesson src="${name}"></conv-lab-lesson>`;
    const title = this.lesson.lesson.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    const frame = `<iframe src="${this.#name('')}/index.html" width="100%" height="800" title="${title}"></iframe>`;
    return html`<p class="small soft">${EDITOR.embedText(name)}</p>
      ${this.#code(element)}
      <p class="small soft">${EDITOR.frameText}</p>
      ${this.#code(frame)}`;
  }

  #code(text: string) {
    return html`<div class="code">
      <pre><code>${text}</code></pre>
      <button class="small" @click=${(event: Event) => this.#copy(event, text)}>
        ${this.copied === text ? EDITOR.copied : EDITOR.copy}
      </button>
    </div>`;
  }

  #name(ending: string): string {
    const { id, lesson } = this.lesson ?? { lesson: '' };
    const name = (id ?? lesson).normalize('NFD').replace(/[^A-Za-z0-9]+/g, '-');
    return `${name.replace(/^-|-$/g, '') || 'lesson'}${ending}`;
  }

  async #copy(event: Event, text: string): Promise<void> {
    const code = (event.currentTarget as Element).previousElementSibling;
    try {
      await navigator.clipboard.writeText(text);
      this.copied = text;
      setTimeout(() => (this.copied = ''), SHOWN_MS);
    } catch {
      // Without access to the clipboard the text is selected, to be copied by hand.
      if (code) getSelection()?.selectAllChildren(code);
      this.said = EDITOR.selected;
    }
  }

  async #save(kind: Kind): Promise<void> {
    const { lesson } = this;
    if (!lesson) return;
    [this.said, this.problem] = ['', ''];
    if (kind === 'json') {
      download(this.#name('.json'), 'application/json', `${jsonText(lesson)}\n`);
      return;
    }
    this.isPacking = true;
    try {
      if (kind === 'markdown') {
        const { toMarkdown } = await import('../lesson/markdown-form');
        download(this.#name('.md'), 'text/markdown', toMarkdown(lesson));
      } else if (kind === 'assignment') await this.#assign(lesson);
      else await this.#pack(lesson, kind);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.isPacking = false;
  }

  async #assign(lesson: Lesson): Promise<void> {
    const card = lockedCard(lesson);
    if (!card) return;
    const assignment = await assignmentOf(lesson, card, new URL('lessons/', this.site).href);
    download(this.#name('-assignment.json'), 'application/json', `${jsonText(assignment)}\n`);
  }

  async #pack(lesson: Lesson, kind: 'zip' | 'scorm12' | 'scorm2004'): Promise<void> {
    const { packedLesson } = await import('./package');
    const version = { zip: null, scorm12: '1.2', scorm2004: '2004' } as const;
    const zip = await packedLesson(lesson, this.site, version[kind]);
    const name = this.#name(kind === 'zip' ? '.zip' : `-${kind.replace('scorm', 'scorm-')}.zip`);
    download(name, 'application/zip', zip);
    this.said = EDITOR.packed(name, (zip.byteLength / 1e6).toFixed(1));
  }
}
