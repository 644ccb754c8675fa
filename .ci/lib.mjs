// Shared by the scripts: paths, running programs, error messages.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
export const isWindows = process.platform === 'win32';
const exe = isWindows ? '.exe' : '';

/** Tools are built once and used by all clones, so they are stored outside of them. */
export const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'convlab');
export const cargoHome = process.env.CARGO_HOME || join(homedir(), '.cargo');
const cargoBin = join(cargoHome, 'bin');

export const targetDir = () => process.env.CARGO_TARGET_DIR || join(root, 'target');

/** An error with a hint what to do. It is printed as two lines, without a stack trace. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** The path of a program, or undefined. `dirs` are searched before PATH. */
export function which(name, dirs = []) {
  for (const dir of [...dirs, ...(process.env.PATH ?? '').split(delimiter), cargoBin]) {
    const path = join(dir, name + exe);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** PATH with the given folders and this project's npm programs in front, and cargo's programs at the end. */
export function pathWith(...dirs) {
  return [...dirs, join(root, 'node_modules', '.bin'), process.env.PATH, cargoBin].filter(Boolean).join(delimiter);
}

/** Runs a program and returns its standard output, trimmed; undefined if it is missing or fails. */
export function capture(command, args, env = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: pathWith(), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** The target of the standard output of programs started by `run`. */
let output = 'inherit';

/** Sends all further output to standard error, so that standard output contains only the result. */
export function logToStderr() {
  output = 2;
  console.log = console.error;
}

/** Runs a program, shows its output, and throws if it fails. */
export function run(command, args, { env = {}, cwd = root, hint, timeout_s } = {}) {
  console.log(`  $ ${[command, ...args].join(' ')}`);
  const { status, error, signal } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, PATH: pathWith(), ...env },
    shell: isWindows, // npm is a .cmd file on Windows
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

/** Runs a program beside others, and shows its output only if it fails, because theirs would mix. */
export async function runQuietly(command, args, { env = {} } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: pathWith(), ...env },
    shell: isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => lines.push(chunk));
  const why = await new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status, signal) => resolve(status === 0 ? null : (signal ?? `exit code ${status}`)));
  });
  if (why === null) return;
  console.error(`  $ ${[command, ...args].join(' ')}\n${Buffer.concat(lines)}`);
  throw new SetupError(`\`${command} ${args[0]}\` failed: ${why}.`);
}

/** Ends the process with the message and the hint of a `SetupError`. Other errors are bugs and are thrown with their stack trace. */
export function fail(error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\n✗ ${error.message}${error.hint ? `\n  ${error.hint}` : ''}`);
  process.exit(1);
}
