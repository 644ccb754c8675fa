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
export const viridis = (share: number): Rgb => between(VIRIDIS, share);

/** White, light blue, dark blue: the darker, the more. */
const BLUES = [
  [255, 255, 255],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
] as const;

/** The colour of a share between 0, which is white, and 1, which is the darkest. */
export const blues = (share: number): Rgb => between(BLUES, share);

function between(stops: readonly Rgb[], share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [stops[low] ?? [0, 0, 0], stops[low + 1] ?? [0, 0, 0]];
  const mix = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}

/** Black or white text, whichever has more contrast on a colour. */
export function inkOn(color: Rgb): 'black' | 'white' {
  // WCAG's relative luminance; both have the same contrast, 4.58, on a luminance of 0.179.
  const [r = 0, g = 0, b = 0] = color.map((value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? 'black' : 'white';
}
