/** Texts about files that the open experiment cannot use, which are loaded when there are some. */
import { localized } from '../base/localized';

/** Dropped files that the open experiment cannot use. */
export const OTHER_SET = localized('OTHER_SET', {
  fits: (title: string) => `These are the files of ${title}, which this experiment does not use.`,
  images: 'These are image files, which this experiment does not use.',
  open: (title: string) => `Open “${title}” with them`,
  useImages: 'Use them as my own images',
  several: (title: string) =>
    `These files hold several sets that fit ${title}, and a mixture of them would be wrong. Which one is to be used?`,
});
