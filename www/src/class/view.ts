/** The page that checks a class: the assignment, the files, the replays, the table, one submission, the assignment's editor. */

import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Submission } from '../base/engine';
import { COUNTED } from '../base/text';
import { download } from '../lab/download';
import { languageFor } from '../locales/language';
import { BoundedElement } from '../ui/bounded';
import { droppedFiles, hasFiles, pathOf } from '../ui/dropped';
import { icons } from '../ui/icons';
import { progressBar } from '../ui/progress';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tokens } from '../ui/styles/tokens';
import { ClassRoom } from './room';
import { CLASS } from './text';
import './detail';
import './maker';
import type { ClassTable } from './table';
import './table';

@customElement('lab-class')
export class LabClass extends BoundedElement {
  readonly room = new ClassRoom(new URL('./', location.href).href);
  /** The submission that is shown. */
  @state() private opened: number | null = null;
  @state() private makes = false;
  @query('input[name=submissions]') private picker!: HTMLInputElement;
  @query('input[name=assignment]') private assignmentPicker!: HTMLInputElement;
  @query('input[name=data]') private dataPicker!: HTMLInputElement;
  @query('lab-class-table') private table!: ClassTable | null;
  #unsubscribe: (() => void) | null = null;

  static override styles = [
    tokens,
    base,
    controls,
    css`
      .zone {
        display: grid;
        justify-items: center;
        gap: 0.6rem;
        padding: 1.2rem 1rem;
        border: 2px dashed var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--sunken);
        text-align: center;
      }
      .zone > svg {
        font-size: 1.6rem;
        color: var(--accent);
      }
      .card {
        display: grid;
        gap: 0.6rem;
        align-content: start;
      }
      .card > header {
        margin-bottom: 0;
      }
      .message {
        display: flex;
        gap: 0.75rem;
        align-items: baseline;
        justify-content: space-between;
        border-color: var(--error);
      }
      .message p {
        overflow-wrap: anywhere;
      }
      progress {
        width: 100%;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.room.subscribe(() => this.requestUpdate());
    document.addEventListener('dragover', this.#over);
    document.addEventListener('drop', this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    document.removeEventListener('dragover', this.#over);
    document.removeEventListener('drop', this.#drop);
  }

  protected override scheduleUpdate() {
    const wait = languageFor(this);
    return wait ? wait.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  override render() {
    const { room } = this;
    return html`<div class="stack">
      ${room.messages.list.map(
        ({ id, text }) => html`<div class="card message" role="alert">
          <p>${text}</p>
          <button class="quiet small" @click=${() => room.messages.dismiss(id)}>${CLASS.detail.close}</button>
        </div>`,
      )}
      <div class="columns">${this.#assignment()} ${this.#files()}</div>
      ${
        this.makes
          ? html`<lab-assignment-maker
              .text=${room.text}
              @problem=${({ detail }: CustomEvent<string>) => this.room.messages.error(detail)}
              @use=${({ detail }: CustomEvent<string>) => void room.assign(detail)}
            ></lab-assignment-maker>`
          : nothing
      }
      ${room.state === 'data' ? this.#data() : nothing} ${room.jobs.length > 0 || room.state === 'done' ? this.#progress() : nothing}
      ${
        room.lines.length > 0
          ? html`<lab-class-table
              .lines=${room.lines}
              .opened=${this.opened}
              @open=${({ detail }: CustomEvent<number>) => this.#open(detail)}
              @csv=${this.#csv}
              @html=${this.#html}
            ></lab-class-table>`
          : nothing
      }
      ${this.#detail()}
    </div>`;
  }

  #assignment() {
    const words = CLASS.assignment;
    const { info } = this.room;
    return html`<section class="card">
      <h2>${words.title}</h2>
      ${
        info
          ? html`<p><strong>${info.title}</strong></p>
              <p class="small soft">${words.facts(info.exact, info.has_own_seeds)}</p>`
          : html`<p>${words.none}</p>`
      }
      <div class="row">
        <button @click=${() => this.assignmentPicker.click()}>${words.choose}</button>
        <button aria-expanded=${this.makes} @click=${() => (this.makes = !this.makes)}>${words.make}</button>
      </div>
      <input type="file" name="assignment" accept=".json" hidden aria-label=${words.choose} @change=${this.#picked} />
    </section>`;
  }

  #files() {
    const words = CLASS.files;
    const { room } = this;
    const { lines, info, newer } = room;
    return html`<section class="card">
      <h2>${words.title}</h2>
      <div class="zone">
        ${icons.upload}
        <strong>${words.drop}</strong>
        <button class="primary" @click=${() => this.picker.click()}>${words.choose}</button>
      </div>
      ${
        lines.length > 0
          ? html`<p class="small">${words.count(COUNTED.files(lines.length))} ${info ? nothing : words.first}</p>`
          : nothing
      }
      ${
        newer.length > 0
          ? html`<p class="small" role="status">${words.sameName(newer.map(pathOf).join(', '))}</p>
              <div class="row">
                <button class="small" @click=${() => this.#takeNewer()}>${words.takeNewer}</button>
                <button class="small quiet" @click=${() => void room.decide(false)}>${words.keepFirst}</button>
              </div>`
          : nothing
      }
      <input type="file" name="submissions" multiple hidden aria-label=${words.choose} @change=${this.#picked} />
    </section>`;
  }

  #data() {
    const words = CLASS.data;
    const { data } = this.room;
    return html`<section class="card">
      <h2>${words.title(data.title)}</h2>
      <p>${words.text}</p>
      <div class="row"><button class="primary" @click=${() => this.dataPicker.click()}>${words.choose}</button></div>
      ${data.progress ? progressBar(data.progress) : nothing}
      ${data.missing.length > 0 ? html`<p class="small">${words.missing(data.missing.join('; '))}</p>` : nothing}
      <input type="file" name="data" multiple hidden aria-label=${words.choose} @change=${this.#pickedData} />
    </section>`;
  }

  #progress() {
    const words = CLASS.progress;
    const { room } = this;
    const total = room.jobs.length;
    const isOver = room.state === 'done';
    const text = isOver ? words.all(COUNTED.files(room.lines.length)) : words.of(room.done + 1, total);
    return html`<section class="card" aria-label=${words.label}>
      <p role="status">${text} ${room.state === 'paused' ? words.paused : nothing}</p>
      ${
        room.fromEarlier > 0
          ? html`<p class="small soft">
              ${words.earlier(COUNTED.files(room.fromEarlier))}
              <button class="quiet small" @click=${() => void room.checkAgain()}>${words.retry}</button>
            </p>`
          : nothing
      }
      ${
        isOver
          ? nothing
          : html`<progress aria-label=${words.label} max=${total} .value=${room.done + room.share}></progress>
              <div class="row">
                ${room.state === 'checking' ? html`<button @click=${() => room.pause()}>${words.pause}</button>` : nothing}
                ${room.state === 'paused' ? html`<button class="primary" @click=${() => room.resume()}>${words.resume}</button>` : nothing}
                ${room.state === 'idle' ? html`<button @click=${() => void room.assign(room.text)}>${words.retry}</button>` : nothing}
              </div>`
      }
    </section>`;
  }

  #detail() {
    const line = this.opened === null ? undefined : this.room.lines[this.opened];
    if (this.opened === null || !line) return nothing;
    return html`<lab-class-detail
      .line=${line}
      .questions=${this.room.info?.questions ?? []}
      .load=${() => this.#load(this.opened ?? -1)}
      @close=${() => this.#close()}
    ></lab-class-detail>`;
  }

  async #load(index: number): Promise<Submission | null> {
    let found: Submission | null = null;
    await this.room.messages.attempt(async () => {
      found = await this.room.submission(index);
    });
    return found;
  }

  /** The focus goes back to the line that was opened. */
  #close(): void {
    const line = this.opened ?? -1;
    this.opened = null;
    void this.updateComplete.then(() => this.table?.focusLine(line));
  }

  /** The lines are in another order afterwards. */
  #takeNewer(): void {
    this.opened = null;
    void this.room.decide(true);
  }

  #open(index: number): void {
    this.opened = index;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('lab-class-detail')?.focus());
  }

  readonly #csv = (): Promise<void> =>
    this.room.messages.attempt(async () => download('grades.csv', 'text/csv', await this.room.csv()));

  readonly #html = (): Promise<void> =>
    this.room.messages.attempt(async () => download('overview.html', 'text/html', await this.room.html()));

  readonly #picked = ({ target }: Event): void => {
    const files = taken(target as HTMLInputElement);
    if (files.length > 0) void this.room.take(files);
  };

  readonly #pickedData = ({ target }: Event): void => {
    const files = taken(target as HTMLInputElement);
    if (files.length > 0) void this.room.addData(files);
  };

  readonly #over = (event: DragEvent): void => {
    if (hasFiles(event.dataTransfer)) event.preventDefault();
  };

  readonly #drop = async (event: DragEvent): Promise<void> => {
    const { dataTransfer } = event;
    if (!dataTransfer || !hasFiles(dataTransfer)) return;
    event.preventDefault();
    const files = await droppedFiles(dataTransfer);
    if (files.length > 0) await this.room.take(files);
  };
}

function taken(picker: HTMLInputElement): File[] {
  const files = [...(picker.files ?? [])];
  // The same file may be chosen again.
  picker.value = '';
  return files;
}
