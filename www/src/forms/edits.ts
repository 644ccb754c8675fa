/** Changes of a network, each a function from a document to a new one. Layers that name others by `inputs` keep naming them. */
import type { Experiment, LayerSpec } from '../engine';
import { INPUT, layerNames } from './names';

/** A layer and the layers that it names: references stay whatever the layers are called, or where they move. */
interface Linked {
  spec: LayerSpec;
  /** Null where it reads the layer before it; a text names a layer that there is not. */
  reads: (Linked | typeof INPUT | string)[] | null;
}

function link(layers: readonly LayerSpec[]): Linked[] {
  const names = layerNames(layers);
  const linked: Linked[] = layers.map((spec) => ({ spec, reads: null }));
  for (const [i, one] of linked.entries()) {
    const inputs = layers[i]?.inputs;
    if (Array.isArray(inputs)) one.reads = inputs.map((name) => linked[names.indexOf(name)] ?? name);
  }
  return linked;
}

function unlink(linked: readonly Linked[]): LayerSpec[] {
  const names = layerNames(linked.map(({ spec }) => spec));
  return linked.map(({ spec, reads }) => {
    if (!reads) return spec;
    const inputs = reads.map((one) => (typeof one === 'string' ? one : (names[linked.indexOf(one)] ?? INPUT)));
    return { ...spec, inputs };
  });
}

const withLayers = (experiment: Experiment, layers: LayerSpec[]): Experiment => ({ ...experiment, layers });

/** Puts a layer at a place. */
export function addLayer(experiment: Experiment, at: number, spec: LayerSpec): Experiment {
  const linked = link(experiment.layers);
  const reads = spec.type === 'add' ? branchFor(linked, at) : null;
  linked.splice(at, 0, { spec, reads });
  return withLayers(experiment, unlink(linked));
}

/** A new `add` begins with the layer before it and the one before that, which is an image of what it does. */
function branchFor(linked: readonly Linked[], at: number): Linked['reads'] {
  return [linked[at - 1] ?? INPUT, linked[at - 2] ?? INPUT];
}

/** Takes a layer away; whoever read it now reads what it read. */
export function removeLayer(experiment: Experiment, at: number): Experiment {
  const linked = link(experiment.layers);
  const [gone] = linked.splice(at, 1);
  if (!gone) return experiment;
  const instead = gone.reads?.[0] ?? linked[at - 1] ?? INPUT;
  for (const one of linked) one.reads = one.reads?.map((read) => (read === gone ? instead : read)) ?? null;
  return withLayers(experiment, unlink(linked));
}

export function moveLayer(experiment: Experiment, from: number, to: number): Experiment {
  const linked = link(experiment.layers);
  if (to < 0 || to >= linked.length || from === to) return experiment;
  linked.splice(to, 0, ...linked.splice(from, 1));
  return withLayers(experiment, unlink(linked));
}

/** Replaces a layer's options, name and type; a new name reaches those that read it. */
export function changeLayer(experiment: Experiment, at: number, spec: LayerSpec): Experiment {
  const linked = link(experiment.layers);
  const changed = linked[at];
  if (!changed) return experiment;
  const names = layerNames(experiment.layers);
  const { inputs } = spec;
  changed.reads = Array.isArray(inputs) ? inputs.map((name) => linked[names.indexOf(name)] ?? name) : null;
  changed.spec = spec;
  return withLayers(experiment, unlink(linked));
}

/** Sets or, with undefined, drops a part of the experiment. */
export function setPart<K extends keyof Experiment>(
  experiment: Experiment,
  key: K,
  value: Experiment[K] | undefined,
): Experiment {
  const { [key]: _, ...others } = experiment;
  return (value === undefined ? others : { ...experiment, [key]: value }) as Experiment;
}
