/** Colours of runs side by side: as many as there are tokens, told apart with any kind of colour vision, then again from the start. */
const COUNT = 8;

export const runColor = (index: number): string => `--run-${(index % COUNT) + 1}`;
