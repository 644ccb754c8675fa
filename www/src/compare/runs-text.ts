/** The text of the saved runs that is needed without their view. */
import { localized } from '../base/localized';

export const RUNS = localized('RUNS', {
  notKept: 'This browser could not store the run, so it is lost when you leave the page. Download it to keep it.',
});
