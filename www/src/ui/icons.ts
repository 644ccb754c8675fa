/** Icons of buttons, as templates: a 16 × 16 grid, filled with the text's colour. */
import { svg, type TemplateResult } from 'lit';

const icon = (path: TemplateResult): TemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${path}</svg>`;

export const icons = {
  play: icon(svg`<path d="M4 2.6v10.8a.6.6 0 0 0 .9.5l8.8-5.4a.6.6 0 0 0 0-1L4.9 2.1a.6.6 0 0 0-.9.5z"/>`),
  pause: icon(
    svg`<rect x="3.5" y="2.5" width="3.2" height="11" rx=".8"/><rect x="9.3" y="2.5" width="3.2" height="11" rx=".8"/>`,
  ),
  stop: icon(svg`<rect x="3" y="3" width="10" height="10" rx="1.2"/>`),
  step: icon(svg`<path d="M3 2.6v10.8a.6.6 0 0 0 .9.5l7.1-5v5h2V2.1h-2v5l-7.1-5a.6.6 0 0 0-.9.5z"/>`),
  dice: icon(
    svg`<path fill-rule="evenodd" d="M3.5 2h9A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2zm1.7 2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4zm5.6 5.6a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4zM8 6.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z"/>`,
  ),
  link: icon(
    svg`<path d="M6.7 9.3a.9.9 0 0 1 0-1.3l2.6-2.6a.9.9 0 0 1 1.3 1.3L8 9.3a.9.9 0 0 1-1.3 0zm.7 2.1L5.9 12.9a2.2 2.2 0 1 1-3.1-3.1l1.6-1.6a.9.9 0 0 0-1.3-1.3L1.5 8.5a4 4 0 0 0 5.7 5.7l1.5-1.6a.9.9 0 0 0-1.3-1.2zm7.1-9.9a4 4 0 0 0-5.7 0L7.2 3.1a.9.9 0 0 0 1.3 1.3l1.6-1.6a2.2 2.2 0 1 1 3.1 3.1l-1.5 1.6a.9.9 0 0 0 1.2 1.3l1.6-1.6a4 4 0 0 0 .1-5.6z"/>`,
  ),
  pin: icon(
    svg`<path d="M10.2 1.2 14.8 5.8l-1.2 1.2-.7-.2-2.7 2.7.2 2.4-1.2 1.2-3-3-3.6 3.7-1.2.2.2-1.2 3.7-3.6-3-3 1.2-1.2 2.4.2L9.2 3.1 9 2.4z"/>`,
  ),
  trash: icon(
    svg`<path d="M6 1.5h4l.6 1.2h3v1.6H2.4V2.7h3zM3.3 5.4h9.4l-.7 8.1a1.2 1.2 0 0 1-1.2 1H5.2a1.2 1.2 0 0 1-1.2-1z"/>`,
  ),
  pencil: icon(svg`<path d="M11.2 1.6 14.4 4.8 5.6 13.6 1.6 14.4 2.4 10.4zM9.9 4.7l1.4 1.4L12.4 5 11 3.6z"/>`),
  close: icon(
    svg`<path d="M3.3 4.7 4.7 3.3 8 6.6l3.3-3.3 1.4 1.4L9.4 8l3.3 3.3-1.4 1.4L8 9.4l-3.3 3.3-1.4-1.4L6.6 8z"/>`,
  ),
  download: icon(
    svg`<path d="M7.1 1.5h1.8v6.6l2.3-2.3 1.2 1.3L8 11.5 3.6 7.1l1.2-1.3 2.3 2.3zM2.5 12.7h11v1.8h-11z"/>`,
  ),
  upload: icon(svg`<path d="M7.1 11.5h1.8V4.9l2.3 2.3 1.2-1.3L8 1.5 3.6 5.9l1.2 1.3 2.3-2.3zM2.5 12.7h11v1.8h-11z"/>`),
  down: icon(svg`<path d="m8 11.2-5.2-5L4 5l4 3.8L12 5l1.2 1.2z"/>`),
  up: icon(svg`<path d="m8 4.8 5.2 5-1.2 1.2-4-3.8L4 11 2.8 9.8z"/>`),
  plus: icon(svg`<path d="M7.1 2.5h1.8v4.6h4.6v1.8H8.9v4.6H7.1V8.9H2.5V7.1h4.6z"/>`),
  undo: icon(
    svg`<path d="M5.9 1.9 7.1 3.2 5.2 5.1h4.1a4.4 4.4 0 0 1 0 8.8H5V12h4.3a2.6 2.6 0 0 0 0-5.1H5.2l1.9 1.9-1.2 1.3L1.8 6z"/>`,
  ),
  redo: icon(
    svg`<path d="M10.1 1.9 8.9 3.2l1.9 1.9H6.7a4.4 4.4 0 0 0 0 8.8H11V12H6.7a2.6 2.6 0 0 1 0-5.1h4.1L8.9 8.8l1.2 1.3L14.2 6z"/>`,
  ),
  warn: icon(
    svg`<path d="M8 1.6a.9.9 0 0 1 .8.5l6 11a.9.9 0 0 1-.8 1.3H2a.9.9 0 0 1-.8-1.3l6-11a.9.9 0 0 1 .8-.5zM7.1 6v4h1.8V6zm.9 5a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"/>`,
  ),
  info: icon(
    svg`<path d="M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2zM7.1 7v4.6h1.8V7zM8 4a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"/>`,
  ),
  sun: icon(
    svg`<circle cx="8" cy="8" r="3.1"/><path d="M7.2.8h1.6v2.4H7.2zm0 12h1.6v2.4H7.2zM.8 7.2h2.4v1.6H.8zm12 0h2.4v1.6h-2.4zM2.3 3.4l1.1-1.1 1.7 1.7L4 5.1zm8.6 8.6 1.1-1.1 1.7 1.7-1.1 1.1zM2.3 12.6 4 10.9 5.1 12l-1.7 1.7zM10.9 4l1.7-1.7 1.1 1.1L12 5.1z"/>`,
  ),
  moon: icon(svg`<path d="M6.2 1.6a6.6 6.6 0 1 0 8.2 8.2A5.6 5.6 0 0 1 6.2 1.6z"/>`),
  half: icon(svg`<path d="M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2zm0 1.7v10.2A5.1 5.1 0 0 0 8 2.9z"/>`),
  data: icon(svg`<path d="M2 2h5.4v5.4H2zm6.6 0H14v5.4H8.6zM2 8.6h5.4V14H2zm6.6 0H14V14H8.6z"/>`),
  network: icon(svg`<path d="M1.5 2.5h2.6v11H1.5zm4 2h2.6v7H5.5zm4 1.5h2v4h-2zm3.4 1h1.6v2h-1.6z"/>`),
  train: icon(
    svg`<path d="M1.5 1.5h1.7v11.3h11.3v1.7h-13zm3.2 1.7h1.6c.4 3.6 1.6 5.4 3.5 6.2 1.2.5 2.6.7 4.5.7v1.6c-2.1 0-3.7-.2-5.1-.8-2.6-1.1-4-3.6-4.5-7.7z"/>`,
  ),
  understand: icon(
    svg`<path fill-rule="evenodd" d="M7 1.2a5.8 5.8 0 0 1 4.6 9.3l3.2 3.1-1.3 1.3-3.1-3.2A5.8 5.8 0 1 1 7 1.2zm0 1.8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"/>`,
  ),
  report: icon(
    svg`<path fill-rule="evenodd" d="M2.5 1.2h11v13.6h-11zm2.2 9v2.3h1.5v-2.3zm2.6-3v5.3h1.5V7.2zm2.6-3.6v8.9h1.5V3.6z"/>`,
  ),
  check: icon(svg`<path d="m6.4 12.6-4-4 1.3-1.3 2.7 2.7 6-6 1.3 1.3z"/>`),
};
