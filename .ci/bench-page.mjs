// The part of `npm run bench` that runs inside the page. The function is sent to the page as text, so it must not use outer variables.

/**
 * Trains an experiment on noise in the page's own lab (including worker, data path and curves) and measures it.
 * @returns the fields of `convlab bench`, and the response times of the page.
 */
export async function measureInPage({ experiment: wanted, engine, seconds, windows, warmUp_s }) {
  const until = async (get, what, limit_s = 120, every_ms = 20) => {
    const start = performance.now();
    for (;;) {
      const value = get();
      if (value) return value;
      if (performance.now() - start > limit_s * 1e3) throw new Error(`${what} took longer than ${limit_s} s`);
      await new Promise((resolve) => setTimeout(resolve, every_ms));
    }
  };
  const messages = () => lab.messages.list.map(({ text }) => text).join(' ') || 'no message on the page';

  // The lab object that the page's elements use.
  const element = () => document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-bar');
  const lab = (await until(element, 'loading the page')).lab;
  const presets = typeof wanted === 'string' ? await lab.worker.presets() : [];
  const preset = presets.find(({ experiment }) => experiment.name === wanted)?.experiment ?? wanted;
  if (typeof preset === 'string') {
    throw new Error(`There is no experiment "${wanted}". Available: ${lab.presets.map(({ id }) => id).join(', ')}.`);
  }
  const batch = preset.batch_size;
  const spec = {
    ...preset,
    dataset: { name: 'custom', validation: null },
    learning_rate_schedule: null,
    early_stopping: null,
    // The images are noise. The small learning rate keeps the numbers finite for any duration.
    optimizer: { ...preset.optimizer, learning_rate: 1e-6 },
    epochs: 1_000_000,
  };

  // Noise as IDX files, which the page loads like any data files.
  const { totals, layers } = await lab.worker.summary(spec);
  const classes = Math.min(layers.at(-1).output_shape.at(-1), 256);
  const idx = (dims, value) => {
    const head = [0, 0, 8, dims.length, ...dims.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255])];
    const body = Uint8Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => value(i));
    return new Blob([new Uint8Array(head), body]);
  };
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const files = [];
  for (const [name, count] of Object.entries({ train: Math.max(40 * batch, classes), test: classes })) {
    files.push(new File([idx([count, ...spec.input_shape], noise)], `${name}-images`));
    files.push(new File([idx([count], (i) => i % classes)], `${name}-labels`));
  }
  await lab.useCustom(spec);
  lab.set({ engine });
  await lab.addFiles(files);
  await until(() => lab.data.ready, `reading the data (${messages()})`, 60);

  let longestTask_ms = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask_ms = Math.max(longestTask_ms, duration);
  }).observe({ type: 'longtask' });

  // All reports of steps, with their times.
  const { run } = lab;
  // The page compiles the pipelines before the user presses start, so this time is not part of the first step.
  if (engine !== 'cpu') await lab.worker.warmUp(lab.experiment);
  const reports = [];
  const stopListening = run.subscribe(() => {
    const step = run.step?.step ?? 0;
    if (step > (reports.at(-1)?.step ?? 0)) reports.push({ time: performance.now(), step });
  });
  const pressed = performance.now();
  await lab.start();
  await until(() => reports.length > 0 || run.state === 'failed', 'the first step', 300);
  if (run.state === 'failed') throw new Error(messages());
  const firstStep_ms = reports[0].time - pressed;

  // A window starts and ends at a report, so that it contains whole steps.
  const window = async (length_s) => {
    const from = reports.at(-1);
    const end = performance.now() + length_s * 1e3;
    await until(() => run.state !== 'running' || (performance.now() >= end && reports.at(-1) !== from), 'a step', 300);
    if (run.state !== 'running') throw new Error(messages());
    const to = reports.at(-1);
    return { steps: to.step - from.step, seconds: (to.time - from.time) / 1e3 };
  };
  await window(warmUp_s);
  longestTask_ms = 0;
  const measured = [];
  for (let i = 0; i < windows; i++) measured.push(await window(seconds / windows));
  const whileTraining_ms = longestTask_ms;

  // The time until the page shows the pause, and until the current step has finished.
  const pausedAt = performance.now();
  let pause_ms = null;
  const stopTiming = run.subscribe(() => {
    if (run.state === 'paused') pause_ms ??= performance.now() - pausedAt;
  });
  await run.pause();
  await until(() => run.state === 'paused', 'a pause', 60, 1);
  const rest_ms = performance.now() - pausedAt;
  stopTiming();
  await run.stop();
  stopListening();

  const sum = (key) => measured.reduce((total, one) => total + one[key], 0);
  const ms = measured.map((one) => (1e3 * one.seconds) / one.steps).sort((a, b) => a - b);
  const median = ms[Math.floor(ms.length / 2)];
  const images_per_s = (1e3 * batch) / median;
  return {
    experiment: spec.name,
    engine: run.info.engine,
    device: run.info.device,
    build: run.info.build,
    batch_size: batch,
    steps: sum('steps'),
    seconds: sum('seconds'),
    images_per_s,
    ms_per_step: median,
    ms_per_step_error: (ms.at(-1) - ms[0]) / 2,
    gflops: (6 * totals.macs * images_per_s) / 1e9,
    first_step_ms: firstStep_ms,
    pause_ms,
    rest_ms,
    longest_task_ms: whileTraining_ms,
    adapter: lab.boot.gpu.adapter ?? null,
    user_agent: navigator.userAgent,
  };
}
