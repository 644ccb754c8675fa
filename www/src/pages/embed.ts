/** The script of embed.html: the lab in a frame. The frame's address has the element's attributes; the frame posts its height. */
import '../conv-lab';
import { offline } from '../offline/register';
import { PAGE } from '../ui/text';

const FLAGS = ['compact', 'locked', 'guess'];
const FORWARDED = ['convlab-state', 'convlab-epoch', 'convlab-done', 'convlab-error'] as const;

const lab = document.createElement('conv-lab');
lab.setAttribute('compact', '');
lab.setAttribute('lab-url', new URL('./', location.href).href);
for (const [name, value] of new URLSearchParams(location.search)) {
  if (!FLAGS.includes(name)) lab.setAttribute(name, value);
  else lab.toggleAttribute(name, value !== 'false' && value !== '0');
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
offline();
