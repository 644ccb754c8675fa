/** `conv-lab.js`: the one script that a page needs for `<conv-lab>`. It lies in the site's own folder, whatever page loads it. */
import { ConvLab } from '../conv-lab';
import { LabHost } from '../embed/host';

// Taken apart, so that the bundler sees no file to copy.
const here = import.meta.url;
LabHost.site = new URL('.', here).href;

export { ConvLab };
