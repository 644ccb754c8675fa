/** Colours of classes: distinguishable with any colour vision for up to eight, evenly spread hues for more. */

/** Okabe and Ito's palette. */
const PALETTE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#7f7f7f'];

export function classColor(index: number, classes: number): string {
  if (classes === 2) return ['#56b4e9', '#d55e00'][index] ?? 'gray';
  if (classes <= PALETTE.length) return PALETTE[index] ?? 'gray';
  // Neighbouring hues also differ in lightness.
  return `hsl(${Math.round((360 * index) / classes)} 75% ${[42, 58, 70][index % 3]}%)`;
}
