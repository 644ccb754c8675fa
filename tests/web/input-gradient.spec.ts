/** The gradient by the input, of which saliency maps and adversarial noise are made: that of the GPU is that of the CPU. */
import { expect, needsGpu, test } from './fixtures';

interface Explained {
  worker: Record<
    'inputGradient' | 'gradients',
    (experiment: unknown, pixels: Uint8Array, of: number, ofLoss: boolean) => Promise<Float32Array>
  >;
  run: { experiment: { input_shape: number[] } };
}

test('both engines give the same gradient by the input', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open('?experiment=mnist-10&data=synthetic&engine=gpu&epochs=1&batch=20&train=200&test=100&seed=2');
  await needsGpu(page);
  await lab.start();
  await lab.finished(120_000);
  const [gpu, cpu] = await page.evaluate(async () => {
    const bar = document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-bar');
    const { worker, run } = (bar as unknown as { lab: Explained }).lab;
    const pixels = Uint8Array.from({ length: 28 * 28 }, (_, i) => (i * 37) % 256);
    const asked = [run.experiment, pixels, 3, true] as const;
    const whole = await worker.gradients(...asked);
    return [[...(await worker.inputGradient(...asked))], [...whole.subarray(0, pixels.length)]];
  });
  const size = Math.max(...cpu.map(Math.abs));
  expect(size).toBeGreaterThan(1e-6);
  expect(gpu).toHaveLength(cpu.length);
  const apart = Math.max(...cpu.map((value, i) => Math.abs(value - (gpu[i] ?? Number.NaN)))) / size;
  expect(apart).toBeLessThan(1e-3);
  // Computed by the device: rounding differs in some value.
  expect(gpu).not.toEqual(cpu);
});
