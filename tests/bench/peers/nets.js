// What every peer is given: the network of an experiment in a few plain words, and batches of noise.

/** One step more of the clock than this, and the measurement is over. */
const WINDOWS = 5;

export const has = (experiment, ...types) => experiment.layers.some(({ type }) => types.includes(type));
export const pair = (value, otherwise) => (Array.isArray(value) ? value : [value ?? otherwise, value ?? otherwise]);

/** Pixels of 0 to 1 and labels of one batch; speed does not depend on what they show. */
export function noise(experiment) {
  const batch = experiment.batch_size;
  const classes = experiment.layers.at(-1).units;
  const size = experiment.input_shape.reduce((a, b) => a * b);
  const x = Float32Array.from({ length: batch * size }, () => Math.random());
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  return { x, labels, batch, classes };
}

/** Images a second of `step` (one training step, waited for): a warm-up, then the median of the windows. */
export async function measure(step, batch, seconds) {
  const run = async (length_s) => {
    const start = performance.now();
    let steps = 0;
    do {
      await step();
      steps += 1;
    } while (performance.now() - start < length_s * 1e3);
    return (performance.now() - start) / steps;
  };
  await run(seconds / 3);
  const ms = [];
  for (let i = 0; i < WINDOWS; i++) ms.push(await run(seconds / WINDOWS));
  ms.sort((a, b) => a - b);
  return { ms_per_step: ms[2], ms_per_step_error: (ms.at(-1) - ms[0]) / 2, images_per_s: (1e3 * batch) / ms[2] };
}
