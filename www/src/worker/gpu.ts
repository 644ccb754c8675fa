/** Asks the browser about WebGPU, so that the page can say why it is off before anybody presses a button. */
import type { GpuProbe } from './protocol';

interface AdapterLike {
  info?: { vendor?: string; architecture?: string; device?: string; description?: string; isFallbackAdapter?: boolean };
}

interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>;
}

export async function probeGpu(): Promise<GpuProbe> {
  if (!self.isSecureContext) return { state: 'insecure' };
  const gpu = (navigator as Navigator & { gpu?: GpuLike }).gpu;
  if (!gpu) return { state: 'missing' };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { state: 'refused', message: '' };
    const { vendor, architecture, device, description } = adapter.info ?? {};
    const name = description || [vendor, architecture, device].filter(Boolean).join(' ');
    return {
      state: 'ready',
      adapter: name,
      software: /swiftshader|llvmpipe|software/i.test(`${name} ${architecture}`),
    };
  } catch (error) {
    return { state: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}
