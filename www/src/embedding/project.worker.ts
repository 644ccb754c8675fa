/** Projects points to the plane in a worker of its own, so that neither the page nor a run waits. */
import * as Comlink from 'comlink';
import { project } from './project';

Comlink.expose({ project });
