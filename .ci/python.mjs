// A Python environment with packages from PyPI, in the cache, for comparisons with Keras and PyTorch.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, hasApt } from './apt.mjs';
import { cacheDir, capture, isWindows, run, SetupError, which } from './lib.mjs';

export const KERAS = ['tensorflow-cpu==2.21.0', 'keras==3.15.1'];
export const PYTORCH = ['torch', 'safetensors'];
export const ONNX = ['onnx', 'onnxruntime'];
export const NOTEBOOK = ['nbformat', 'nbclient', 'ipykernel', 'matplotlib'];

/** The Python named by CONVLAB_PYTHON, or that of the environment `name`, which is created with `packages` if it is missing. */
export function python(name, packages) {
  if (process.env.CONVLAB_PYTHON) return process.env.CONVLAB_PYTHON;
  const home = join(cacheDir, name);
  const own = join(home, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  if (existsSync(own)) return own;
  const canCreate = () => capture(which('python3') ?? 'python', ['-c', 'import ensurepip, venv']) !== undefined;
  if (!canCreate() && hasApt()) aptInstall('python3', 'python3-venv');
  if (!canCreate())
    throw new SetupError(
      'No Python 3 with venv was found.',
      'Install Python 3 with venv, or name a Python that has the packages: CONVLAB_PYTHON=/path/to/python',
    );
  console.log(`Set-up: Python with ${packages.join(', ')} (several GB, once) in ${home}`);
  try {
    run(which('python3') ?? 'python', ['-m', 'venv', home]);
    run(own, ['-m', 'pip', 'install', '--quiet', ...packages]);
  } catch (error) {
    rmSync(home, { recursive: true, force: true }); // an incomplete environment would be used the next time
    throw error;
  }
  return own;
}
