/** Texts of the device view. */
import { localized } from '../base/localized';
import type { Browser } from '../base/platform';
import type { GpuProbe } from '../worker/protocol';

export const DEVICE = localized('DEVICE', {
  question: 'Is the GPU on?',
  steps: 'To turn it on',
  here: 'This device',
  cores: 'Processor cores',
  memory: 'Memory',
  memoryValue: (gb: string) => `${gb} GB${gb === '8' ? ' or more' : ''}`,
  heap: 'Memory of the engine',
  memoryUnknown: 'not reported by this browser',
  secure: 'Secure page',
  isolated: 'Cross-origin isolated',
  isolatedNote: 'not needed: the workers share no memory',
  build: 'WebAssembly build',
  builds: {
    'relaxed-simd': 'relaxed SIMD: faster, may round differently from one processor family to another',
    simd128: 'SIMD: bit-identical results on every processor',
  },
  browser: 'Browser',
  yes: 'yes',
  no: 'no',
  engine: 'Which engine, and why',
  engineRun: (engine: string, device: string) => `The last run used the ${engine} engine on ${device}.`,
  engineChoice: {
    auto: 'The engine is set to Auto: if there is a graphics card, a run starts on it at once. Two seconds later the CPU is measured, and it continues the run if it is faster.',
    cpu: 'The engine is set to CPU by hand.',
    gpu: 'The engine is set to WebGPU by hand.',
  },
  adapter: 'Graphics adapter',
  adapterNone: 'WebGPU gives no adapter here.',
  vendor: 'Vendor',
  architecture: 'Architecture',
  device: 'Device',
  description: 'Description',
  unnamed: 'not reported by this browser',
  limits: 'Limits',
  features: 'Features',
  measure: 'Measured speed',
  measureHint: 'Trains a small convolutional network for about two seconds on each engine, and copies memory.',
  press: 'Measure now',
  measuring: 'Measuring…',
  busy: 'Not while a run is active: it would slow both down.',
  columns: { engine: 'Engine', gflops: 'Training, GFLOP/s', bandwidth: 'Memory, GB/s' },
});

/** Answers to the course's question “Is the GPU on?”, and the steps to turn it on. */
export const IS_GPU_ON = localized('IS_GPU_ON', {
  software: (adapter: string) =>
    `WebGPU is on, but in software (${adapter}), so it computes on the processor: choose Auto or CPU.`,
  yes: (adapter: string) => `Yes: WebGPU is on and uses ${adapter || 'this device’s GPU'}.`,
  insecure: 'No: browsers offer WebGPU only to pages opened over https or from localhost, so training runs on the CPU.',
  secureStep: 'Open this page by its https:// address, or from localhost.',
  missing: 'No: this browser has no WebGPU, so training runs on the CPU.',
  refused: (why: string) =>
    `No: WebGPU is there but gave no graphics adapter${why ? ` (${why})` : ''}, so training runs on the CPU.`,
  steps: {
    'chromium-linux': [
      'Open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”.',
      'Restart the browser and open this page again.',
      'If it stays off, see WebGPU and Vulkan in chrome://gpu: the graphics driver may be missing.',
    ],
    chromium: [
      'In the browser’s settings, under System, turn on “Use graphics acceleration when available”.',
      'Restart the browser and open this page again.',
      'If it stays off, see WebGPU in chrome://gpu: the graphics driver may be too old.',
    ],
    firefox: [
      'Update Firefox: from version 141 on Windows, 145 on Macs with Apple silicon, WebGPU is on by itself.',
      'Elsewhere open about:config, set dom.webgpu.enabled to true and restart Firefox.',
    ],
    safari: [
      'Update to Safari 26 or newer, which has WebGPU on by itself.',
      'In older ones: Settings, Advanced, “Show features for web developers”; then Feature Flags, WebGPU.',
    ],
    other: ['Use a current Chrome, Edge, Firefox or Safari.'],
  } satisfies Record<Browser, readonly string[]>,
});

export interface Answer {
  kind: 'yes' | 'slow' | 'no';
  sentence: string;
  /** Steps to turn WebGPU on; empty if there is nothing to do. */
  steps: readonly string[];
}

/** Answers the course's question “Is the GPU on?” in one sentence. */
export function isGpuOn(probe: GpuProbe, browser: Browser): Answer {
  const steps = IS_GPU_ON.steps[browser];
  switch (probe.state) {
    case 'ready':
      return probe.software
        ? { kind: 'slow', sentence: IS_GPU_ON.software(probe.adapter), steps }
        : { kind: 'yes', sentence: IS_GPU_ON.yes(probe.adapter), steps: [] };
    case 'insecure':
      return { kind: 'no', sentence: IS_GPU_ON.insecure, steps: [IS_GPU_ON.secureStep] };
    case 'missing':
      return { kind: 'no', sentence: IS_GPU_ON.missing, steps };
    case 'refused':
      return { kind: 'no', sentence: IS_GPU_ON.refused(probe.message), steps };
  }
}
