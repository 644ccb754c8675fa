/** The fields of an experiment that a sweep can set, by their paths. */
import type { Experiment } from '../base/engine';

/** Values that cannot be swept: they say what the experiment is, not how it trains. */
const FIXED = new Set(['name', 'title', 'text', 'dataset.name', 'seed', '$schema']);

/** The paths of all numbers, words and switches, with their values. Layers are named as the engine names them. */
export function fieldsOf(experiment: Experiment, layerNames: readonly string[]): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  const { layers, input_shape: _, ...rest } = experiment;
  collect(fields, '', rest);
  layers.forEach((layer, i) => {
    const { type: _type, name: _name, inputs: _inputs, ...options } = layer;
    collect(fields, `layers.${layerNames[i] ?? i}`, options);
  });
  for (const path of FIXED) fields.delete(path);
  return fields;
}

function collect(fields: Map<string, unknown>, path: string, value: unknown): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'number')) fields.set(path, value);
    return;
  }
  if (typeof value !== 'object') {
    fields.set(path, value);
    return;
  }
  for (const [key, item] of Object.entries(value)) collect(fields, path ? `${path}.${key}` : key, item);
}

/** A list as it is typed: each part is JSON, or else a word. */
export function parseValues(text: string): unknown[] {
  return text
    .split(/,(?![^[]*\])/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      try {
        return JSON.parse(part) as unknown;
      } catch {
        return part;
      }
    });
}
