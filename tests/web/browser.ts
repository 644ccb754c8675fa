/** How the tests start their browser. */
import type { LaunchOptions } from '@playwright/test';

/** WebGPU without a GPU; with one, Chromium takes it where these flags allow. */
export const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

const QUIET_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

export function launchOptions(flags: string[]): LaunchOptions {
  const isRoot = process.getuid?.() === 0;
  return {
    executablePath: process.env.CHROME_PATH || '/usr/bin/chromium',
    args: [...QUIET_FLAGS, ...(isRoot ? ['--no-sandbox'] : []), ...flags],
  };
}
