// Debian's packages, for a machine that lacks something only the system can provide.
import { ask, run, SetupError, which } from './lib.mjs';

const isRoot = process.getuid?.() === 0;
let listsAreFresh = false;

export const hasApt = () => process.platform === 'linux' && which('apt-get') !== undefined;

/** Installs packages as root, or through a sudo that asks for no password; otherwise says what to type. */
export function aptInstall(...packages) {
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const byHand = `Run this, then try again: sudo apt-get update && sudo ${command.join(' ')}`;
  if (!isRoot && ask('sudo', ['-n', 'true']) === undefined) {
    throw new SetupError(`Installing ${packages.join(', ')} needs root.`, byHand);
  }
  const asRoot = (args) => {
    const [program, ...rest] = isRoot ? args : ['sudo', '-n', ...args];
    run(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, hint: byHand });
  };
  if (!listsAreFresh) asRoot(['apt-get', 'update', '-q']);
  listsAreFresh = true;
  asRoot(command);
}
