/** The lists in the editor of an assignment: its questions and its rubric. A list is given the draft, and `set`, which changes it. */
import { css, html, type TemplateResult } from 'lit';
import { type AwardKind, type AwardRow, type Draft, type QuestionRow, withoutQuestion, withQuestion } from './document';
import { CLASS } from './text';

const words = CLASS.maker;

export const listStyles = css`
  fieldset {
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    margin: 0;
    padding: 0.6rem 0.9rem 0.9rem;
    min-width: 0;
    display: grid;
    gap: 0.7rem;
  }
  legend {
    font-weight: 650;
  }
  .item {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr));
    gap: 0.5rem 0.8rem;
    align-items: end;
    padding-bottom: 0.7rem;
    border-bottom: 1px solid var(--line);
  }
  .wide {
    grid-column: 1 / -1;
  }
`;

export const fieldText = ({ target }: Event): string => (target as HTMLInputElement).value;

export function questionList(draft: Draft, set: (changes: Partial<Draft>) => void): TemplateResult {
  const { questions } = draft;
  const put = (index: number, changes: Partial<QuestionRow>) =>
    set({ questions: questions.map((row, i) => (i === index ? { ...row, ...changes } : row)) });
  const field = (index: number, row: QuestionRow, key: 'id' | 'answer' | 'tolerance', label: string) =>
    html`<label
      ><span>${label}</span
      ><input .value=${row[key]} @input=${(event: Event) => put(index, { [key]: fieldText(event) })} /></label
    >`;
  return html`<fieldset>
    <legend>${words.questions}</legend>
    ${questions.map(
      (row, index) => html`<div class="item">
        ${field(index, row, 'id', words.id)}
        <label class="wide"
          ><span>${words.text}</span
          ><textarea rows="2" .value=${row.text} @input=${(event: Event) => put(index, { text: fieldText(event) })}></textarea>
        </label>
        <label
          ><span>${words.choices}</span
          ><textarea rows="2" .value=${row.choices} @input=${(event: Event) => put(index, { choices: fieldText(event) })}></textarea>
        </label>
        ${field(index, row, 'answer', words.answer)} ${field(index, row, 'tolerance', words.tolerance)}
        <button class="small" @click=${() => set(withoutQuestion(draft, row.key))}>
          ${words.remove}
        </button>
      </div>`,
    )}
    <div class="row">
      <button class="small" @click=${() => set({ questions: withQuestion(questions) })}>${words.addQuestion}</button>
    </div>
  </fieldset>`;
}

export function rubricList({ rubric, questions }: Draft, set: (changes: Partial<Draft>) => void): TemplateResult {
  const put = (index: number, changes: Partial<AwardRow>) =>
    set({ rubric: rubric.map((row, i) => (i === index ? { ...row, ...changes } : row)) });
  const value = (row: AwardRow, index: number) =>
    row.kind === 'answer'
      ? html`<select aria-label=${words.kinds.answer} @change=${(event: Event) => put(index, { value: fieldText(event) })}>
          ${questions.map(({ key, id }) => html`<option value=${key} .selected=${key === row.value}>${id}</option>`)}
        </select>`
      : html`<input
          inputmode="decimal"
          autocomplete="off"
          aria-label=${words.kinds[row.kind]}
          .value=${row.value}
          @input=${(event: Event) => put(index, { value: fieldText(event) })}
        />`;
  return html`<fieldset>
    <legend>${words.rubric}</legend>
    ${rubric.map(
      (row, index) => html`<div class="item">
        <label
          ><span>${words.points}</span
          ><input
            inputmode="decimal"
            autocomplete="off"
            .value=${row.points}
            @input=${(event: Event) => put(index, { points: fieldText(event) })}
        /></label>
        <select
          aria-label=${words.rubric}
          @change=${(event: Event) => {
            const kind = fieldText(event) as AwardKind;
            put(index, { kind, value: kind === 'answer' ? (questions[0]?.key ?? '') : '' });
          }}
        >
          ${(['accuracy', 'answer', 'guess'] as const).map(
            (kind) =>
              html`<option value=${kind} .selected=${kind === row.kind} ?disabled=${kind === 'answer' && questions.length === 0}>
                ${words.kinds[kind]}
              </option>`,
          )}
        </select>
        ${value(row, index)}
        <button class="small" @click=${() => set({ rubric: rubric.filter((_, i) => i !== index) })}>${words.remove}</button>
      </div>`,
    )}
    <div class="row">
      <button
        class="small"
        @click=${() => set({ rubric: [...rubric, { points: '1', kind: 'accuracy', value: '90' }] })}
      >
        ${words.addAward}
      </button>
    </div>
  </fieldset>`;
}
