/** The parts of the lab whose code is loaded when they are shown. A part that cannot be loaded says so in its place. */
import { html, type ReactiveControllerHost } from 'lit';
import type { Tab } from './base/settings';
import { failed } from './ui/bounded';
import { PAGE } from './ui/text';

export type Part = Tab | 'kept' | 'experiments' | 'homework' | 'assignment' | 'question' | 'card' | 'card-curves';

const LOAD: Record<Part, () => Promise<unknown>> = {
  run: () => Promise.all([import('./run/view'), import('./live/view')]),
  data: () => import('./data/view'),
  model: () => import('./model/view'),
  results: () => import('./results/view'),
  predictions: () => import('./predictions/view'),
  compare: () => import('./compare/view'),
  cost: () => import('./cost/view'),
  search: () => import('./search/view'),
  inside: () => import('./inside/view'),
  embedding: () => import('./embedding/view'),
  device: () => import('./device/view'),
  kept: () => import('./run/kept-runs'),
  experiments: () => import('./live/experiments'),
  homework: () => Promise.all([import('./embed/guess'), import('./embed/hand-in')]),
  assignment: () => import('./embed/assignment'),
  question: () => import('./embed/question'),
  card: () => import('./embed/card'),
  'card-curves': () => import('./embed/curves'),
};

type State = 'loading' | 'ready' | { error: unknown };

export class Parts {
  readonly #states = new Map<Part, State>();

  constructor(private host: Pick<ReactiveControllerHost, 'requestUpdate'>) {}

  /** Loads a part ahead. */
  load(part: Part): State {
    const known = this.#states.get(part);
    if (known) return known;
    this.#enter(part, 'loading');
    LOAD[part]().then(
      () => this.#enter(part, 'ready'),
      (error: unknown) => this.#enter(part, { error }),
    );
    return 'loading';
  }

  /** A part, once its code is loaded. */
  show(part: Part, render: () => unknown): unknown {
    const state = this.load(part);
    if (state === 'ready') return render();
    if (state === 'loading') return html`<p class="card empty" role="status">${PAGE.loadingView}</p>`;
    return failed(state.error, () => {
      this.#states.delete(part);
      this.host.requestUpdate();
    });
  }

  #enter(part: Part, state: State): void {
    this.#states.set(part, state);
    this.host.requestUpdate();
  }
}
