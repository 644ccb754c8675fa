/** The script of docs.html: the log of the scripted example. */
import './page';
import { percent } from '../base/format';
import type { ConvlabEvents } from '../embed/types';
import { PAGES } from './text';

const lab = document.querySelector('#scripted');
const log = document.querySelector('#log');
const say = (text: string): void => {
  const item = document.createElement('li');
  item.textContent = text;
  log?.append(item);
};

lab?.addEventListener('convlab-epoch', (event) => {
  const { epoch, accuracy } = (event as CustomEvent<ConvlabEvents['convlab-epoch']>).detail;
  say(PAGES.epoch(epoch, percent(accuracy)));
});
lab?.addEventListener('convlab-done', (event) => {
  say(PAGES.done(percent((event as CustomEvent<ConvlabEvents['convlab-done']>).detail.accuracy)));
});
