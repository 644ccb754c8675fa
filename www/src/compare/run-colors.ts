/** Colours of compared runs: the colour tokens in order (distinguishable with any colour vision), then again from the start. */
const COUNT = 8;

export const runColor = (index: number): string => `--run-${(index % COUNT) + 1}`;
