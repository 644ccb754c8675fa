/** Keras code as a network, compared with that of an experiment, layer by layer. */
import type { Experiment, ImportedHead, Summary } from '../base/engine';
import { integer } from '../base/format';
import { readCode } from '../lab/import-model';
import { LESSON } from './text';

export interface Network {
  experiment: Experiment;
  summary: Summary;
}

/** What is said about the code: the sentences, or what of it is not understood. */
export type Verdict =
  | { kind: 'equal' | 'different'; sentences: string[] }
  | { kind: 'unsupported'; unsupported: ImportedHead['unsupported'] };

/** Options of a layer that its shape and its parameters do not show. */
const DETAILS = ['activation', 'rate'] as const;

/** Options as they are if they are left out. */
const DEFAULTS: readonly unknown[] = [undefined, null, 'linear'];

function rows({ experiment, summary }: Network): string[] {
  const hasSpecs = experiment.layers.length === summary.layers.length;
  return summary.layers.map(({ class_name, shape_text, params }, i) => {
    const spec = (hasSpecs ? experiment.layers[i] : {}) as Partial<Record<string, unknown>>;
    const details = DETAILS.map((name) => spec[name])
      .filter((value) => !DEFAULTS.includes(value))
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    const kind = details.length > 0 ? `${class_name} (${details.join(', ')})` : class_name;
    return LESSON.codePart.row(kind, shape_text, integer(params));
  });
}

/** Says whether two networks have the same input and the same layers, or where they first differ. */
export function compared(own: Network, other: Network, name: string): Verdict {
  const words = LESSON.codePart;
  const [mine, theirs] = [rows(own), rows(other)];
  const [params, theirParams] = [own, other].map(({ summary }) => integer(summary.totals.params)) as [string, string];
  const input = own.summary.input_text === other.summary.input_text;
  const at = Array.from({ length: Math.max(mine.length, theirs.length) }, (_, i) => i).find(
    (i) => mine[i] !== theirs[i],
  );
  if (input && at === undefined) return { kind: 'equal', sentences: [words.equals(name, params)] };
  const why = !input
    ? words.input(own.summary.input_text, name, other.summary.input_text)
    : words.layer((at ?? 0) + 1, mine[at ?? 0] ?? words.noLayer, name, theirs[at ?? 0] ?? words.noLayer);
  return { kind: 'different', sentences: [words.differs(name, params, theirParams), why] };
}

/** Reads the code in a worker of its own; fails with one sentence. */
export async function judged(code: string, other: Experiment, name: string): Promise<Verdict> {
  let crash!: (error: Error) => void;
  const crashed = new Promise<never>((_, reject) => {
    crash = reject;
  });
  const { connect } = await import('../worker/client');
  const { client, close } = connect((why) => crash(new Error(why)));
  const judge = async (): Promise<Verdict> => {
    const file = code.trimStart().startsWith('{') ? 'pasted.ipynb' : 'pasted.py';
    // What the code leaves open, such as the size of the images, is that of the other network.
    const head = await readCode({ worker: client, document: other }, file, new TextEncoder().encode(code));
    if (head.unsupported.length > 0) return { kind: 'unsupported', unsupported: head.unsupported };
    await client.boot(false);
    const network = async (experiment: Experiment): Promise<Network> => {
      const checked = await client.check(experiment);
      if ('failure' in checked) throw new Error(checked.failure.message);
      return { experiment, summary: checked.summary };
    };
    return compared(await network(head.experiment), await network(other), name);
  };
  try {
    return await Promise.race([judge(), crashed]);
  } finally {
    close();
  }
}
