/** Edits of a network: functions from a document to a new one. References between layers by `inputs` are preserved. */
import type { Experiment, LayerSpec } from '../base/engine';
import { INPUT, layerNames } from './names';

/** A layer and the layers it refers to as objects, so that references survive renaming and moving. */
interface Linked {
  spec: LayerSpec;
  /** The inputs: null for the layer before it; a string is the name of a layer that does not exist. */
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

/** Inserts a layer at an index. */
export function addLayer(experiment: Experiment, at: number, spec: LayerSpec): Experiment {
  const linked = link(experiment.layers);
  const reads = spec.type === 'add' ? branchFor(linked, at) : null;
  linked.splice(at, 0, { spec, reads });
  return withLayers(experiment, unlink(linked));
}

/** A new `add` starts with the two layers before it as its inputs, as an example of its use. */
function branchFor(linked: readonly Linked[], at: number): Linked['reads'] {
  return [linked[at - 1] ?? INPUT, linked[at - 2] ?? INPUT];
}

/** Removes a layer; the layers that read it now read its inputs. */
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

/** Replaces a layer's options, name and type; a new name is updated in the layers that refer to it. */
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

/** Sets a part of the experiment, or removes it if the value is undefined. */
export function setPart<K extends keyof Experiment>(
  experiment: Experiment,
  key: K,
  value: Experiment[K] | undefined,
): Experiment {
  const { [key]: _, ...others } = experiment;
  return (value === undefined ? others : { ...experiment, [key]: value }) as Experiment;
}
