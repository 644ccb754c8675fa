/** Colours for canvases, which cannot use custom properties: the browser computes them on a hidden element. */

export function resolveColor(host: Element, property: string): string {
  const root = host.shadowRoot ?? host;
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(${property})`;
  root.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Viridis at a few stops (perceptually uniform, distinguishable with any colour vision). */
const VIRIDIS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
] as const;

export type Rgb = readonly [number, number, number];

/** The colour of a share between 0 and 1. */
export function viridis(share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const low = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [from, to] = [VIRIDIS[low] ?? VIRIDIS[0], VIRIDIS[low + 1] ?? VIRIDIS[0]];
  const mix = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

/** Black or white text, whichever has more contrast on a colour. */
export const inkOn = ([r, g, b]: Rgb): 'black' | 'white' =>
  r * 0.299 + g * 0.587 + b * 0.114 > 130 ? 'black' : 'white';
