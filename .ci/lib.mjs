// What every script here shares: where things are, how to run a program, how to speak.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
export const isWindows = process.platform === 'win32';
const exe = isWindows ? '.exe' : '';

/** Tools that are built once serve every clone, so they live outside it. */
export const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'convlab');
export const cargoHome = process.env.CARGO_HOME || join(homedir(), '.cargo');
const cargoBin = join(cargoHome, 'bin');

export const targetDir = () => process.env.CARGO_TARGET_DIR || join(root, 'target');

/** A failure with its remedy: shown as two lines, without a stack trace. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** The path of a program, or undefined. `dirs` are looked at before PATH. */
export function which(name, dirs = []) {
  for (const dir of [...dirs, ...(process.env.PATH ?? '').split(delimiter), cargoBin]) {
    const path = join(dir, name + exe);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: look on.
    }
  }
  return undefined;
}

/** PATH with cargo's programs, the given folders and this project's npm programs in front. */
export function pathWith(...dirs) {
  return [...dirs, join(root, 'node_modules', '.bin'), process.env.PATH, cargoBin].filter(Boolean).join(delimiter);
}

/** What a program prints on standard output, trimmed; undefined where it is missing or fails. */
export function ask(command, args, env = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: pathWith(), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Where programs that run in the open write; standard output may be needed for a result. */
let output = 'inherit';

/** From now on everything is told on standard error, so that standard output holds the result alone. */
export function speakOnStderr() {
  output = 2;
  console.log = console.error;
}

/** Runs a program in the open, and throws when it fails. */
export function run(command, args, { env = {}, cwd = root, hint, timeout_s } = {}) {
  console.log(`  $ ${[command, ...args].join(' ')}`);
  const { status, error, signal } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, PATH: pathWith(), ...env },
    shell: isWindows, // npm is a .cmd there
    stdio: ['ignore', output, 'inherit'],
    timeout: timeout_s && timeout_s * 1000,
  });
  if (status === 0) return;
  const why =
    error?.code === 'ETIMEDOUT'
      ? `took longer than ${timeout_s} s`
      : (error?.message ?? signal ?? `exit code ${status}`);
  throw new SetupError(`\`${command} ${args[0]}\` failed: ${why}.`, hint);
}

/** Ends the process with a message a person can act on; anything unforeseen keeps its stack trace. */
export function fail(error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\n✗ ${error.message}${error.hint ? `\n  ${error.hint}` : ''}`);
  process.exit(1);
}
