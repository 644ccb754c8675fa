import { describe, expect, test } from 'vitest';
import { isGpuOn } from '../../../www/src/device/text';

describe('is the GPU on?', () => {
  test('yes, with its name', () => {
    const answer = isGpuOn({ state: 'ready', adapter: 'Radeon', software: false }, 'chromium');
    expect(answer).toEqual({ kind: 'yes', sentence: 'Yes: WebGPU is on and uses Radeon.', steps: [] });
    expect(isGpuOn({ state: 'ready', adapter: '', software: false }, 'safari').sentence).toContain('this device’s GPU');
  });

  test('only in software', () => {
    const answer = isGpuOn({ state: 'ready', adapter: 'SwiftShader', software: true }, 'chromium-linux');
    expect(answer.kind).toBe('slow');
    expect(answer.sentence).toContain('SwiftShader');
    expect(answer.steps.join(' ')).toContain('chrome://flags');
  });

  test('no, why, and what to do in this browser', () => {
    expect(isGpuOn({ state: 'insecure' }, 'firefox').steps.join(' ')).toContain('https://');
    expect(isGpuOn({ state: 'missing' }, 'firefox').steps.join(' ')).toContain('dom.webgpu.enabled');
    expect(isGpuOn({ state: 'missing' }, 'safari').steps.join(' ')).toContain('Safari 26');
    const refused = isGpuOn({ state: 'refused', message: 'blocked' }, 'chromium');
    expect(refused.kind).toBe('no');
    expect(refused.sentence).toContain('(blocked)');
  });
});
