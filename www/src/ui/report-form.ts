/** The report of a saved run: fields, observations, and the files. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { download } from '../lab/download';
import { FIGURES, fileName, type ReportFormat, saveReport } from '../lab/reports';
import { runName, type SavedRun } from '../lab/saved-run';
import { icons } from './icons';
import { LabElement } from './lab-element';
import './observations';
import { REPORT } from './report-text';
import { base } from './styles/base';
import { controls } from './styles/controls';

@customElement('lab-report-form')
export class LabReportForm extends LabElement {
  @property({ attribute: false }) run!: SavedRun;
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        gap: 0.8rem;
      }
    `,
  ];

  override render() {
    const { run } = this;
    const hasReport = run.test !== null || this.lab.run.id === run.id;
    return html`<section class="card">
      <header><h2>${REPORT.of(runName(run))}</h2></header>
      <p class="small soft">${REPORT.hint}</p>
      ${
        // What is being written belongs to this run, even if another one is shown before it is saved.
        keyed(
          run.id,
          html`<lab-observations
            .figures=${FIGURES}
            .observations=${run.observations ?? {}}
            @observed=${(event: CustomEvent<Record<string, string>>) =>
              this.lab.runs.write(run.id, { observations: event.detail })}
          ></lab-observations>`,
        )
      }
      ${hasReport ? nothing : html`<p class="small">${REPORT.untested}</p>`}
      <div class="row">
        ${this.#button(this.busy ? REPORT.busy : REPORT.html, 'html', hasReport, true)}
        ${this.#button(REPORT.markdown, 'md', hasReport)} ${this.#button(REPORT.print, 'print', hasReport)}
        <button @click=${this.#saveDocument}>${icons.download}${REPORT.document}</button>
      </div>
    </section>`;
  }

  #button(name: string, format: ReportFormat, hasReport: boolean, primary = false) {
    return html`<button class=${primary ? 'primary' : ''} ?disabled=${this.busy || !hasReport} @click=${() => this.#save(format)}>
      ${format === 'print' ? nothing : icons.download}${name}
    </button>`;
  }

  readonly #saveDocument = (): void => {
    const { experiment } = this.run;
    download(`${fileName(experiment.name)}.json`, 'application/json', `${JSON.stringify(experiment, null, 2)}\n`);
  };

  async #save(format: ReportFormat): Promise<void> {
    this.busy = true;
    await this.lab.messages.attempt(() => saveReport(this.lab, this.run, format));
    this.busy = false;
  }
}
