// A Python with packages from PyPI, in a folder of its own in the cache: for what is compared with Keras and PyTorch.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, hasApt } from './apt.mjs';
import { ask, cacheDir, isWindows, run, SetupError, which } from './lib.mjs';

export const KERAS = ['tensorflow-cpu==2.21.0', 'keras==3.15.1'];
export const PYTORCH = ['torch', 'safetensors'];

/** The Python named by CONVLAB_PYTHON, or one made for `packages` and kept under `name`. */
export function python(name, packages) {
  if (process.env.CONVLAB_PYTHON) return process.env.CONVLAB_PYTHON;
  const home = join(cacheDir, name);
  const own = join(home, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  if (existsSync(own)) return own;
  const canMakeOne = () => ask(which('python3') ?? 'python', ['-c', 'import ensurepip, venv']) !== undefined;
  if (!canMakeOne() && hasApt()) aptInstall('python3', 'python3-venv');
  if (!canMakeOne())
    throw new SetupError(
      'No Python 3 that can make environments (venv) was found.',
      'Install Python 3, or name one that has the packages: CONVLAB_PYTHON=/path/to/python',
    );
  console.log(`Set-up: Python with ${packages.join(', ')} (up to some gigabytes, once) in ${home}`);
  try {
    run(which('python3') ?? 'python', ['-m', 'venv', home]);
    run(own, ['-m', 'pip', 'install', '--quiet', ...packages]);
  } catch (error) {
    rmSync(home, { recursive: true, force: true }); // half an environment would pass for a whole one
    throw error;
  }
  return own;
}
