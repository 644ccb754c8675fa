// `npm test -- audit`: asks the advisory databases for known weaknesses of the locked dependencies. A database that cannot be reached, or a
// tool that is not installed, is reported and is no failure.
import { spawnSync } from 'node:child_process';
import { capture, pathWith, root } from './lib.mjs';

const env = { ...process.env, PATH: pathWith() };
const ask = (command, args) => spawnSync(command, args, { cwd: root, encoding: 'utf8', env });

function npm() {
  const { stdout } = ask('npm', ['audit', '--json']);
  const answer = JSON.parse(stdout || '{}');
  if (!answer.vulnerabilities) return console.log(`SKIPPED: npm audit: ${answer.message ?? 'no answer'}`);
  const found = Object.values(answer.vulnerabilities);
  console.log(`npm audit: ${found.length} of the packages in package-lock.json have known weaknesses`);
  for (const { name, severity, range } of found) console.log(`  ${name} ${range}: ${severity}`);
  if (found.length > 0) process.exitCode = 1;
}

function cargo() {
  if (!capture('cargo', ['audit', '--version']))
    return console.log('SKIPPED: cargo audit is not installed. Install it with: cargo install cargo-audit --locked');
  const { stdout, stderr } = ask('cargo', ['audit', '--json']);
  if (!stdout.startsWith('{')) return console.log(`SKIPPED: cargo audit: ${stderr.trim().split('\n').at(-1)}`);
  const { list } = JSON.parse(stdout).vulnerabilities;
  console.log(`cargo audit: ${list.length} known weaknesses in Cargo.lock`);
  for (const { advisory, package: crate } of list) {
    console.log(`  ${crate.name} ${crate.version}: ${advisory.id} ${advisory.title}`);
  }
  if (list.length > 0) process.exitCode = 1;
}

npm();
cargo();
