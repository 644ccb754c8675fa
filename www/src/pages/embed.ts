/** The script of embed.html: the lab in a frame. The frame's address has attributes of the element; the frame posts its height. */
import { quoted } from '../base/format';
import { direction } from '../base/localized';
import { ConvLab } from '../conv-lab';
import { FRAME_ATTRIBUTES, frameAttributes } from '../embed/attributes';
import { EMBED } from '../embed/text';
import { chooseLanguage } from '../locales/choice';
import { languageFor } from '../locales/language';
import { offline } from '../offline/register';
import { PAGE } from '../ui/text';

const FORWARDED = ['convlab-state', 'convlab-epoch', 'convlab-done', 'convlab-error'] as const;

/** The number of unknown names that the message lists. */
const MOST_NAMES = 5;

const lab = new ConvLab();
lab.setAttribute('compact', '');
lab.setAttribute('lab-url', new URL('./', location.href).href);
const { attributes, unknown } = frameAttributes(location.search);
for (const [name, value] of attributes) {
  if (value === null) lab.removeAttribute(name);
  else lab.setAttribute(name, value);
}
/** Posts a message to the page around. It may have any origin, and the messages are not confidential. */
const tell = (message: { type: string }): void => {
  if (parent !== window) parent.postMessage(message, '*');
};

for (const type of FORWARDED) {
  lab.addEventListener(type, (event) => tell({ type, ...{ detail: (event as CustomEvent).detail } }));
}
new ResizeObserver(() => {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  tell({ type: 'convlab-height', ...{ height } });
}).observe(document.documentElement);

/** Puts the lab into the page, once the texts are in its language. */
function show(): void {
  document.documentElement.dir = direction();
  if (unknown.length > 0) {
    const names = unknown.slice(0, MOST_NAMES).map((name) => `“${quoted(name, 40)}”`);
    if (unknown.length > MOST_NAMES) names.push('…');
    lab.addressProblem = EMBED.unknown(names.join(', '), FRAME_ATTRIBUTES.join(', '));
  }
  if (lab.hasAttribute('compact')) {
    // The whole lab has its own <main> and heading; a card does not.
    const main = document.createElement('main');
    const heading = document.createElement('h1');
    heading.textContent = PAGE.name;
    main.append(heading, lab);
    document.body.append(main);
  } else {
    document.body.append(lab);
  }
}

// A frame belongs to the page around it, so its language is not kept.
chooseLanguage(false);
const language = languageFor(document.documentElement);
if (language) void language.then(show);
else show();
offline();
