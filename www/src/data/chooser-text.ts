/** Texts of the choice of a data set, which are loaded with it. */
import { localized } from '../base/localized';

/** The choice of the experiment's data set. */
export const SET_CHOOSER = localized('SET_CHOOSER', {
  title: 'Data set of this experiment',
  set: 'Data set',
  setNote:
    'Another set becomes part of the experiment; the network’s input and outputs are fitted to it. Merged classes, limits and class names of the former set are dropped.',
  validation: 'Validation images',
  kinds: { share: 'A share', test: 'The test set', none: 'None' },
  notes: {
    share: 'The last share of the training images; of own images, a share of each class. They are not trained on.',
    test: 'As some reports do it. Choosing epochs or options by the test set makes its accuracy too good.',
    none: 'All training images are trained on, and overfitting cannot be seen during the run.',
  },
  share: 'Share in percent',
  shareInvalid: (received: string) => `A share is a number between 0 and 100 percent. Received: “${received}”.`,
});
