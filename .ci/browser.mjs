// The browsers and the GPU of the tests: Chrome or Chromium and its driver, Firefox and WebKit where Debian has them, and a software
// Vulkan driver if there is no GPU.
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
      throw new SetupError(
        'No Chrome or Chromium found.',
        'Install Google Chrome, or set CHROME_PATH to the path of a browser.',
      );
    aptInstall('chromium', 'chromium-driver');
  },
};

export const chromeDriver = {
  name: 'chromedriver',
  why: 'wasm-pack controls the browser with it',
  // For a Chrome that is not Debian's, wasm-pack downloads the driver of the same version.
  done: () => which('chromedriver') ?? (findChrome() === '/usr/bin/chromium' ? undefined : 'downloaded by wasm-pack'),
  make: () => aptInstall('chromium-driver'),
};

/** A browser besides Chrome. Where there is no package of it, its tests are skipped. */
function otherBrowser(name, packages, find) {
  let isMissing = false;
  return {
    name,
    why: 'the page is tested in it, too',
    done: () => find() ?? (isMissing || !hasApt() ? `not here, so the tests in ${name} are skipped` : undefined),
    make() {
      try {
        aptInstall(...packages);
      } catch (error) {
        console.log(`  SKIPPED: ${name} cannot be installed (${error.message})`);
        isMissing = true;
      }
    },
  };
}

const findFirefox = () => process.env.FIREFOX_PATH || which('firefox-esr') || which('firefox');
const findWebKit = () => (which('Xvfb') ? which('WebKitWebDriver') : undefined);

export const firefox = otherBrowser('Firefox', ['firefox-esr'], findFirefox);
export const webkit = otherBrowser('WebKit', ['webkit2gtk-driver', 'xvfb'], findWebKit);

const ICD_DIRS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const icds = () => ICD_DIRS.filter(existsSync).flatMap((dir) => readdirSync(dir).map((file) => `${dir}/${file}`));
const llvmpipe = () => icds().find((path) => /\/lvp_icd[^/]*\.json$/.test(path));
const devices = (dir, pattern) => existsSync(dir) && readdirSync(dir).some((file) => pattern.test(file));
const hasGpu = () => process.platform !== 'linux' || devices('/dev/dri', /^render/) || devices('/dev', /^nvidia\d/);

export const vulkan = {
  name: 'Vulkan',
  why: "the GPU engine's native tests need a GPU or a software driver",
  done: () =>
    (hasGpu() ? process.platform !== 'linux' || icds().length > 0 : llvmpipe()) &&
    (hasGpu() ? 'GPU' : 'software (llvmpipe)'),
  make() {
    if (!hasApt())
      throw new SetupError(
        'No Vulkan driver found.',
        "Install Mesa's Vulkan drivers, which include llvmpipe, a software driver.",
      );
    aptInstall('mesa-vulkan-drivers');
  },
};

/** The environment of tests that use the browser or the GPU. Variables that are already set are kept. */
export function gpuTestEnv() {
  const env = { CHROME_PATH: findChrome() };
  const isChosen = process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES;
  if (!hasGpu() && !isChosen && llvmpipe()) env.VK_DRIVER_FILES = llvmpipe();
  // Without it, Vulkan's window system code prints a warning for each opened device.
  if (process.platform === 'linux' && !process.env.XDG_RUNTIME_DIR) env.XDG_RUNTIME_DIR = tmpdir();
  if (process.env.CI) env.REQUIRE_GPU = '1';
  return env;
}
