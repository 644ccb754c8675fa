// Shared by the peers: helpers for reading an experiment, a batch of noise, and the measurement.

/** The measured time is divided into this many windows. The result is their median. */
const WINDOWS = 5;

export const has = (experiment, ...types) => experiment.layers.some(({ type }) => types.includes(type));
export const pair = (value, otherwise) => (Array.isArray(value) ? value : [value ?? otherwise, value ?? otherwise]);

/** One batch of random pixels from 0 to 1, with labels. The speed does not depend on their content. */
export function noise(experiment) {
  const batch = experiment.batch_size;
  const classes = experiment.layers.at(-1).units;
  const size = experiment.input_shape.reduce((a, b) => a * b);
  const x = Float32Array.from({ length: batch * size }, () => Math.random());
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  return { x, labels, batch, classes };
}

/** Measures `step`, which resolves when a training step is complete: after a warm-up, the median of the windows. */
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
