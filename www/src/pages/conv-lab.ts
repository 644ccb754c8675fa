/**
 * `conv-lab.js`: the script that a page loads to use `<conv-lab>` and `<conv-lab-lesson>`. It is in the site's folder, from which it loads the other
 * files.
 */
import { ConvLab } from '../conv-lab';
import { LabHost } from '../embed/host';
import { ConvLabLesson } from '../lesson/element';

// In two statements, because the bundler would treat `new URL(…, import.meta.url)` as a file to copy.
const here = import.meta.url;
LabHost.site = new URL('.', here).href;

export { ConvLab, ConvLabLesson };
