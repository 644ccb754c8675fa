/** Registers `<conv-lab>`. */
import { ConvLab as Registered } from '../conv-lab';
import type { ConvLabElement, ConvlabEvents } from '../embed/types';

export type { ConvLabElement, ConvlabEvents } from '../embed/types';

/** The element's class. */
export const ConvLab: new () => ConvLabElement = Registered;

declare global {
  interface HTMLElementTagNameMap {
    'conv-lab': ConvLabElement;
  }
  interface HTMLElementEventMap {
    'convlab-state': CustomEvent<ConvlabEvents['convlab-state']>;
    'convlab-epoch': CustomEvent<ConvlabEvents['convlab-epoch']>;
    'convlab-done': CustomEvent<ConvlabEvents['convlab-done']>;
    'convlab-error': CustomEvent<ConvlabEvents['convlab-error']>;
  }
}
