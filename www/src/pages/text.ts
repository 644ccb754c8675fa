/** Texts that the scripts of the written pages add to their HTML. */
import { localized } from '../base/localized';

export const PAGES = localized('PAGES', {
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected: press Ctrl+C',
  noLesson: 'This page shows the lesson that its address names, such as lesson.html?doc=lessons/overfitting.md.',
  epoch: (epoch: number, accuracy: string) => `Epoch ${epoch}: training accuracy ${accuracy}`,
  done: (accuracy: string) => `Done: test accuracy ${accuracy}`,
});
