/** The experiment that a part of a lesson names. */
import type { Experiment } from '../base/engine';
import { parseJson } from '../base/json-text';
import { presetText } from '../base/localized';
import { experimentSource } from '../embed/attributes';
import { loadExperiment } from '../embed/load';
import { addressIn } from './card';
import type { Code } from './document';

/** An id, a document or the address of one; `own` are the sites from which a document is fetched. Fails with one sentence. */
export async function experimentOf(experiment: Code['experiment'], base: string, own: string[]): Promise<Experiment> {
  if (typeof experiment === 'object') return experiment as unknown as Experiment;
  const { presets } = await import('../worker/presets');
  const preset = presets.find(({ id }) => id === experiment.trim());
  if (preset) return { ...preset.experiment, title: presetText(preset).title };
  const text = addressIn(experiment.trim(), base);
  const source = experimentSource(text);
  // A document of another site is not fetched without a question, and this part has none.
  return source.kind === 'preset'
    ? (parseJson(source.id) as Experiment)
    : loadExperiment(source, own, async () => false);
}

/** The name in a sentence: `NET I` of `NET I: a first network`. */
export const shortTitle = ({ title, name }: Pick<Experiment, 'title' | 'name'>): string =>
  (title || name).split(':')[0] ?? name;
