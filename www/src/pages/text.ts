/** Texts that the scripts of the written pages add to their HTML. */
export const PAGES = {
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected: press Ctrl+C',
  epoch: (epoch: number, accuracy: string) => `Epoch ${epoch}: training accuracy ${accuracy}`,
  done: (accuracy: string) => `Done: test accuracy ${accuracy}`,
} as const;
