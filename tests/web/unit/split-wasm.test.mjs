/** The engine's parts on a module of a few lines: calls go from each part to each other, and shaders come with theirs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { split } from '../../../.ci/split-wasm.mjs';
import { PARTS, partOf } from '../../../.ci/wasm-parts.mjs';

const FEATURES = [
  '--enable-mutable-globals',
  '--enable-reference-types',
  '--enable-multivalue',
  '--enable-bulk-memory',
];
const folder = mkdtempSync(join(tmpdir(), 'convlab-split-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A function long enough to be worth a part: its last value is `value`. */
const long = (name, value) =>
  ` (func ${name} (param $0 i32) (result i32)\n${'  (drop\n   (i32.const 1)\n  )\n'.repeat(30)}  ${value}\n )`;

const GPU = '$"<convlab[0123456789abcdef]::engine::gpu::Device>::plan"';
const LATER = '$"convlab[0123456789abcdef]::weights::save"';
const MODULE = `(module
 (type $0 (func (param i32) (result i32)))
 (import "./convlab_bg.js" "__wbg_twice" (func $twice (param i32) (result i32)))
 (global $__stack_pointer (mut i32) (i32.const 4096))
 (memory $0 1)
 (data $.rodata (i32.const 16) "ab\\02WGSL\\03\\03\\00fn\\ncd")
 (table $0 2 2 funcref)
 (elem $0 (i32.const 1) func ${LATER})
 (export "memory" (memory $0))
 (export "plan" (func ${GPU}))
 (export "through_table" (func $through_table))
 (export "byte" (func $byte))
${long(GPU, `(i32.add (call ${LATER} (local.get $0)) (i32.load8_u (i32.const 26)))`)}
${long(LATER, '(i32.add (call $add_stack (local.get $0)) (call $twice (local.get $0)))')}
 (func $add_stack (param $0 i32) (result i32)
  (i32.add (local.get $0) (global.get $__stack_pointer))
 )
 (func $through_table (param $0 i32) (result i32)
  (call_indirect $0 (type $0) (local.get $0) (i32.const 1))
 )
 (func $byte (param $0 i32) (result i32)
  (i32.load8_u (local.get $0))
 )
)
`;

function assemble(name, text) {
  const [from, to] = [join(folder, `${name}.wat`), join(folder, `${name}.wasm`)];
  writeFileSync(from, text);
  execFileSync(process.execPath, ['node_modules/binaryen/bin/wasm-as', ...FEATURES, from, '-o', to]);
  return new WebAssembly.Module(readFileSync(to));
}

function start() {
  const { first, others } = split(MODULE, (item) => item);
  const js = { './convlab_bg.js': { __wbg_twice: (n) => 2 * n } };
  const loaded = [];
  const load = (part) => {
    loaded.push(PARTS[part]);
    const { source } = others[part];
    new WebAssembly.Instance(assemble(PARTS[part], source), { ...js, engine: engine.exports });
  };
  const engine = new WebAssembly.Instance(assemble('first', first), { ...js, parts: { load } });
  return { engine: engine.exports, loaded, first };
}

describe('split', { timeout: 60_000 }, () => {
  it('loads a part when it is first called, and once', () => {
    const { engine, loaded } = start();
    expect(loaded).toEqual([]);
    // n + 4096 of the stack pointer + 2 n of JavaScript, through the table.
    expect(engine.through_table(5)).toBe(5 + 4096 + 10);
    expect(engine.through_table(6)).toBe(6 + 4096 + 12);
    expect(loaded).toEqual(['later']);
  });

  it('lets one part call another, and brings the shaders with the part that reads them', () => {
    const { engine, loaded, first } = start();
    expect(first).not.toContain('WGSL');
    expect([engine.byte(16), engine.byte(17), engine.byte(26)]).toEqual([97, 98, 0]);
    expect(engine.plan(1)).toBe(1 + 4096 + 2 + 'f'.charCodeAt(0));
    expect(loaded).toEqual(['gpu', 'later']);
    // What lies around them stays where it was.
    expect([27, 28, 29, 30].map((at) => engine.byte(at))).toEqual(['n', '\n', 'c', 'd'].map((c) => c.charCodeAt(0)));
  });

  it('sends along what only one part calls, and keeps what two do', () => {
    const { others, first } = split(MODULE, (item) => item);
    const later = others[PARTS.indexOf('later')].source;
    expect(first).not.toContain('(func $add_stack');
    expect(later).toContain('(func $add_stack');
    const called = MODULE.replace('(i32.load8_u (local.get $0))', '(call $add_stack (local.get $0))');
    expect(split(called, (item) => item).first).toContain('(func $add_stack');
  });

  it('keeps short functions, and knows names by what they are of', () => {
    expect(partOf('$"convlab[0123456789abcdef]::engine::cpu::gemm::multiply"')).toBe('cpu');
    expect(partOf('$"<convlab[0123456789abcdef]::graph::Graph>::new"')).toBeUndefined();
    expect(partOf('$"<alloc[0]::vec::Vec<convlab[1]::engine::gpu::Device>>::push"')).toBeUndefined();
    expect(partOf(GPU)).toBe('gpu');
    expect(partOf(LATER)).toBe('later');
  });
});
