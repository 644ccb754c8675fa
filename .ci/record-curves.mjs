// The curves of the page "Records": the training accuracy of the recorded runs over the seconds of training, as one SVG.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib.mjs';

const IDS = ['mnist-99', 'cifar10-quick', 'cifar10-fast'];
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [300, 240, 44, 14, 30, 40];
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #222 } .title { font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
  .grid { stroke: #8884 } .train { fill: none; stroke: #2878b5; stroke-width: 2 } .test { fill: #c2410c }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } .train { stroke: #6db3e8 } .test { fill: #fb923c } }`;

/** One chart: accuracy in per cent after each epoch; the test accuracy as a dot at the end. */
function chart({ id, epochs, test }) {
  let seconds = 0;
  const points = epochs.map(({ accuracy, seconds: took }) => {
    seconds += took;
    return [seconds, 100 * accuracy];
  });
  const low = Math.min(90, Math.floor(Math.min(...points.map(([, y]) => y)) / 10) * 10);
  const x = (value) => LEFT + ((WIDTH - LEFT - RIGHT) * value) / seconds;
  const y = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - low)) / (100 - low);
  const step = (100 - low) / 5;
  const lines = [0, 1, 2, 3, 4, 5].map((i) => {
    const [value, at] = [low + i * step, y(low + i * step).toFixed(1)];
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text class="end" x="${LEFT - 6}" y="${at}" dy="4">${value}</text>`;
  });
  const path = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const dots = points.map(
    ([at, value]) => `<circle cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2.5" fill="none" class="train"/>`,
  );
  const end = 100 * test.test_accuracy;
  const time = seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
  return `<text class="title" x="${LEFT}" y="16">${id}: test ${end.toFixed(2)} %</text>
${lines.join('')}
<polyline class="train" points="${path}"/>${dots.join('')}
<circle class="test" cx="${x(seconds).toFixed(1)}" cy="${y(end).toFixed(1)}" r="4"/>
<text x="${LEFT}" y="${HEIGHT - 20}">0</text><text class="end" x="${WIDTH - RIGHT}" y="${HEIGHT - 20}">${time}</text>
<text class="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}">training, ${epochs.length} epoch${epochs.length === 1 ? '' : 's'}</text>`;
}

/** Writes the charts of the runs that are recorded. */
export function writeCurves(results) {
  // A run without a browser, or else the one in the page.
  const path = (id) => [`${id}.json`, `${id}-page.json`].map((name) => join(results, name)).find(existsSync);
  const recorded = IDS.filter((id) => path(id));
  const runs = recorded.map((id) => ({ id, ...JSON.parse(readFileSync(path(id), 'utf8')) }));
  const label = 'Training accuracy over the time of training, and the test accuracy at the end, of the recorded runs';
  const charts = runs.map((run, i) => `<g transform="translate(${i * WIDTH} 0)">${chart(run)}</g>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${runs.length * WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<style>${STYLE}</style>
${charts.join('\n')}
</svg>
`;
  writeFileSync(join(root, 'www', 'public', 'lessons', 'records.svg'), svg);
}
