// What the tests need to see a browser and a GPU: Chrome or Chromium, its driver, and a Vulkan in software where there is no GPU.
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { aptInstall, hasApt } from './apt.mjs';
import { SetupError, which } from './lib.mjs';

const CHROMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'chrome'];
const APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export const findChrome = () =>
  [process.env.CHROME_PATH, ...APPS].find((path) => path && existsSync(path)) ??
  CHROMES.map((name) => which(name)).find(Boolean);

export const chrome = {
  name: 'Chrome',
  why: 'the tests train in a real browser',
  done: findChrome,
  make() {
    if (!hasApt())
      throw new SetupError('No Chrome or Chromium found.', 'Install Google Chrome, or name a browser in CHROME_PATH.');
    aptInstall('chromium', 'chromium-driver');
  },
};

export const chromeDriver = {
  name: 'chromedriver',
  why: 'wasm-pack steers the browser with it',
  // Beside a Chrome that is not Debian's, wasm-pack fetches the driver of its version itself.
  done: () => which('chromedriver') ?? (findChrome() === '/usr/bin/chromium' ? undefined : 'wasm-pack fetches it'),
  make: () => aptInstall('chromium-driver'),
};

const ICD_DIRS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const icds = () => ICD_DIRS.filter(existsSync).flatMap((dir) => readdirSync(dir).map((file) => `${dir}/${file}`));
const llvmpipe = () => icds().find((path) => /\/lvp_icd[^/]*\.json$/.test(path));
const devices = (dir, pattern) => existsSync(dir) && readdirSync(dir).some((file) => pattern.test(file));
const hasGpu = () => process.platform !== 'linux' || devices('/dev/dri', /^render/) || devices('/dev', /^nvidia\d/);

export const vulkan = {
  name: 'Vulkan',
  why: "the GPU engine's native tests need a GPU, or one in software",
  done: () =>
    (hasGpu() ? process.platform !== 'linux' || icds().length > 0 : llvmpipe()) &&
    (hasGpu() ? 'a GPU' : 'in software (llvmpipe)'),
  make() {
    if (!hasApt())
      throw new SetupError(
        'No Vulkan driver found.',
        "Install Mesa's Vulkan drivers (they hold llvmpipe, a GPU in software).",
      );
    aptInstall('mesa-vulkan-drivers');
  },
};

/** The environment of tests that use the browser or the GPU; what the caller has set already stays. */
export function gpuTestEnv() {
  const env = { CHROME_PATH: findChrome() };
  const isChosen = process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES;
  if (!hasGpu() && !isChosen && llvmpipe()) env.VK_DRIVER_FILES = llvmpipe();
  // Without it, Vulkan's window code complains once for every device opened.
  if (process.platform === 'linux' && !process.env.XDG_RUNTIME_DIR) env.XDG_RUNTIME_DIR = tmpdir();
  if (process.env.CI) env.REQUIRE_GPU = '1';
  return env;
}
