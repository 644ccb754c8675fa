/** Detects WebGPU when the page is loaded, so that the page can explain why it is not available before a run starts. */
import { failureOf } from '../base/failure';
import type { AdapterDetails, GpuProbe } from './protocol';

interface AdapterLike {
  info?: { vendor?: string; architecture?: string; device?: string; description?: string; isFallbackAdapter?: boolean };
  features: Iterable<string>;
  limits: Record<string, number>;
}

interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>;
}

const webGpu = (): GpuLike | undefined => (navigator as Navigator & { gpu?: GpuLike }).gpu;

/** The limits that restrict a network's size and speed, the most important first. */
export const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** The properties that the adapter reports; null if there is no adapter. */
export async function adapterDetails(): Promise<AdapterDetails | null> {
  const adapter = await webGpu()?.requestAdapter();
  if (!adapter) return null;
  const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {};
  return {
    vendor,
    architecture,
    device,
    description,
    features: [...adapter.features].sort(),
    limits: LIMITS.map((name) => [name, adapter.limits[name] ?? 0]),
  };
}

export async function probeGpu(): Promise<GpuProbe> {
  if (!self.isSecureContext) return { state: 'insecure' };
  const gpu = webGpu();
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
    return { state: 'refused', message: failureOf(error).message };
  }
}
