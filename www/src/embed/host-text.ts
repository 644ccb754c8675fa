/** The texts of the embedded lab that are needed before its parts are loaded. */
import { localized } from '../base/localized';

export const HOST = localized('HOST', {
  waiting: 'This lab starts when it comes into view.',
  attribute: (name: string, expects: string, received: string) =>
    `The attribute ${name} of <conv-lab> must be ${expects}. Received: “${received}”.`,
  notStarted: 'The lab is not in the page, so it cannot run. Add the element to the document first.',
  removed: 'The lab was removed from the page or started again, so it gives no answer any more.',
  nothingYet: 'Nothing has been trained yet. Call start() and wait for convlab-done.',
  nameNeeded: 'Give your name or number first.',
});
