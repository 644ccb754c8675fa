// Installs Debian packages that the system lacks.
import { capture, run, SetupError, which } from './lib.mjs';

const isRoot = process.getuid?.() === 0;
let listsAreFresh = false;

export const hasApt = () => process.platform === 'linux' && which('apt-get') !== undefined;

/** Installs packages as root or with a passwordless sudo; otherwise the error contains the command to run. */
export function aptInstall(...packages) {
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const manual = `Run this, then try again: sudo apt-get update && sudo ${command.join(' ')}`;
  if (!isRoot && capture('sudo', ['-n', 'true']) === undefined) {
    throw new SetupError(`Installing ${packages.join(', ')} needs root.`, manual);
  }
  const asRoot = (args) => {
    const [program, ...rest] = isRoot ? args : ['sudo', '-n', ...args];
    run(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, hint: manual });
  };
  if (!listsAreFresh) asRoot(['apt-get', 'update', '-q']);
  listsAreFresh = true;
  asRoot(command);
}
