// Splits the linked engine into what every run calls and parts that are loaded when one of their functions is first called, as
// Binaryen's wasm-split does (which its npm package lacks). All parts share one memory and one table. A function that has left
// is still there by name: it makes sure that its part is loaded, and calls it through a table of its own.
//
// It works on the text format: one item of a module begins on each line that is indented by one space.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './lib.mjs';
import { apart } from './split-shaders.mjs';
import { PARTS, partOf } from './wasm-parts.mjs';

/** Functions of fewer lines of text stay in the first part. */
const LINES = 40;

const NAME = String.raw`\$"(?:[^"\\]|\\.)*"|\$[^\s()]+`;
const HEAD = new RegExp(String.raw`^ \(func (${NAME})(?: \(type ${NAME}\))?((?: \((?:param|result)[^)]*\))*)`);
const CALLS = new RegExp(String.raw`\((?:call|return_call|ref\.func) (${NAME})`, 'g');
const FUNCTIONS = new RegExp(String.raw`func((?: (?:${NAME}))+)\)`);

/** The items of a module's text, by their kind. */
function parse(text) {
  const items = { type: [], import: [], global: [], memory: [], data: [], table: [], elem: [], export: [], func: [] };
  let item = '';
  const close = () => {
    const [, kind] = /^ \((\w+)/.exec(item) ?? [];
    if (kind && !items[kind])
      throw new SetupError(`The engine's module holds a ${kind}, which .ci/split-wasm.mjs does not know.`);
    if (kind) items[kind].push(item.trimEnd());
    item = '';
  };
  for (const line of text.trimEnd().split('\n').slice(1, -1)) {
    if (line.startsWith(' (')) close();
    if (!line.startsWith(' ;;')) item += `${line}\n`;
  }
  close();
  return items;
}

/** A function: its name, its parameters and results as written, and the functions that its text names. */
function describe(item) {
  const [, name, signature] = HEAD.exec(item);
  return { name, item, signature, calls: [...item.matchAll(CALLS)].map(([, callee]) => callee) };
}

const paramsOf = (signature) =>
  [...signature.matchAll(/\(param ([^)]*)\)/g)].flatMap(([, list]) =>
    list.startsWith('$') ? [list.split(' ')[1]] : list.split(' '),
  );
const resultOf = (signature) => /\(result [^)]*\)/.exec(signature)?.[0] ?? '';
/** Without the parameters' names. */
const typeOf = (signature) =>
  [...paramsOf(signature).map((type) => `(param ${type})`), resultOf(signature)].filter(Boolean).join(' ');

/** The text of what is loaded first, and those of the parts. */
export function split(text, shorten) {
  const module = parse(text);
  const data = apart(module.data);
  if (data.shaders.length === 0) throw new SetupError('No shaders were found in the engine: see src/pass/squeeze.rs.');
  const functions = module.func.map(describe);
  const imported = module.import.map((item) => ({
    ...describe(` ${/\(func.*/.exec(item)[0]}`),
    item: shorten(item),
  }));
  const home = new Map(functions.map(({ name, item }) => [name, isTiny(item) ? undefined : partOf(name)]));
  follow(module, functions, home);
  const signatures = new Map([...imported, ...functions].map(({ name, signature }) => [name, signature]));
  const slots = slotsOf(module, functions, home);
  const shared = new Map();
  const whole = { module, data, functions, imported, home, signatures, slots, shared };
  const others = PARTS.map((part) => ({ part, source: partText(part, whole) }));
  return { first: firstText(whole), others };
}

/** A function goes where all that call it have gone. */
function follow(module, functions, home) {
  const callers = new Map(functions.map(({ name }) => [name, new Set()]));
  for (const { name, calls } of functions) for (const callee of calls) callers.get(callee)?.add(name);
  const isAsked = new Set([...module.elem, ...module.export].flatMap(namesIn));
  const staying = new Set(functions.map(({ name }) => name).filter((name) => !home.get(name) && !isAsked.has(name)));
  for (let before = -1; before !== staying.size; ) {
    before = staying.size;
    for (const name of staying) {
      const homes = new Set(
        [...callers.get(name)].filter((caller) => caller !== name).map((caller) => home.get(caller)),
      );
      const [part] = homes;
      if (homes.size !== 1 || !part) continue;
      home.set(name, part);
      staying.delete(name);
    }
  }
}

/** Places in the table of the functions that have left and are asked for from another part, or from outside. */
function slotsOf(module, functions, home) {
  const asked = new Set([...module.elem, ...module.export].flatMap(namesIn));
  for (const { name, calls } of functions) {
    for (const callee of calls) if (home.get(callee) !== home.get(name)) asked.add(callee);
  }
  const away = functions.map(({ name }) => name).filter((name) => home.get(name) && asked.has(name));
  return new Map(PARTS.flatMap((part) => away.filter((name) => home.get(name) === part)).map((name, i) => [name, i]));
}

/** A part: its functions, and everything that they call or touch, imported. Notes in `shared` what the first part has to give. */
function partText(part, { module, data, functions, imported, home, signatures, slots, shared }) {
  const own = functions.filter(({ name }) => home.get(name) === part);
  const needs = new Set(own.flatMap(({ calls }) => calls).filter((callee) => home.get(callee) !== part));
  const js = imported.filter(({ name }) => needs.has(name));
  for (const { name } of js) needs.delete(name);
  const share = (name) => shared.get(name) ?? shared.set(name, shared.size.toString(36)).get(name);
  const [stack, constants] = globalsOf(module);
  const entries = [...slots].filter(([name]) => home.get(name) === part);
  return [
    '(module',
    ...module.type,
    ...js.map(({ item }) => item),
    ...[...needs].map((name) => ` (import "engine" "${share(name)}" (func ${name}${signatures.get(name)}))`),
    ...module.memory.map((item) => ` (import "engine" "memory" ${item.trim()})`),
    ...module.table.map((item) => ` (import "engine" "${tableName(item)}" ${item.trim()})`),
    ` (import "engine" "parts" (table $parts ${slots.size} ${slots.size} funcref))`,
    ...stack.map((item) => ` (import "engine" "stack" ${item.replace(/\(i32.const \d+\)/, '').trim()})`),
    ...constants,
    ...entries.slice(0, 1).map(([, slot]) => {
      const names = entries.map(([name]) => name).join(' ');
      return ` (elem (table $parts) (i32.const ${slot}) func ${names})`;
    }),
    ...(part === 'gpu' ? data.shaders : []),
    ...own.map(({ item }) => item),
    ')',
  ].join('\n');
}

/** The first part: what has not left, what stands in for what has, and exports for the others. */
function firstText({ module, data, functions, imported, home, signatures, slots, shared }) {
  const [stack] = globalsOf(module);
  const need = (_, i) => ` (global $part.${i} (mut i32) (i32.const 0))
 (func $need.${i}
  (if (i32.eqz (global.get $part.${i}))
   (then (call $load_part (i32.const ${i})) (global.set $part.${i} (i32.const 1)))))`;
  return [
    '(module',
    ...module.type,
    ...imported.map(({ item }) => item),
    ' (import "parts" "load" (func $load_part (param i32)))',
    ...module.global,
    ...module.memory,
    ...data.rest,
    ...module.table,
    ` (table $parts ${slots.size} ${slots.size} funcref)`,
    ...module.elem,
    ...module.export,
    ...stack.map((item) => ` (export "stack" (global ${nameOf(item)}))`),
    // The other table, of JavaScript's values, is exported already.
    ...module.table
      .filter((item) => tableName(item) === 'table')
      .map((item) => ` (export "table" (table ${nameOf(item)}))`),
    ' (export "parts" (table $parts))',
    ...[...shared].map(([name, as]) => ` (export "${as}" (func ${name}))`),
    ...PARTS.map(need),
    ...functions.filter(({ name }) => !home.get(name)).map(({ item }) => item),
    ...[...slots].map(([name, slot]) => stub(name, signatures.get(name), PARTS.indexOf(home.get(name)), slot)),
    ')',
  ].join('\n');
}

/** What stands in for a function that has left. */
function stub(name, signature, part, slot) {
  const params = paramsOf(signature);
  const named = params.map((type, i) => `(param $${i} ${type})`).join(' ');
  const values = params.map((_, i) => `(local.get $${i})`).join(' ');
  return ` (func ${name} ${named} ${resultOf(signature)}
  (call $need.${part})
  (call_indirect $parts ${typeOf(signature)} ${values} (i32.const ${slot})))`;
}

/** A function that is no longer than what would stand in for it; among them are those that are the same for many types. */
const isTiny = (item) => item.split('\n').length < LINES;
const nameOf = (item) => new RegExp(`^ \\(\\w+ (${NAME})`).exec(item)[1];
/** The stack's pointer, which is the one that changes, and the others. */
const globalsOf = ({ global }) => [
  global.filter((item) => item.includes('(mut ')),
  global.filter((item) => !item.includes('(mut ')),
];
const tableName = (item) => (item.includes('externref') ? '__wbindgen_externrefs' : 'table');
const namesIn = (item) => [
  ...(FUNCTIONS.exec(item)?.[1].match(new RegExp(NAME, 'g')) ?? []),
  ...[...item.matchAll(new RegExp(String.raw`\(func (${NAME})\)`, 'g'))].map(([, name]) => name),
];

/** Splits the engine that wasm-bindgen has written to a folder, and tells its script of the parts; the files of wasm. */
export function splitEngine(folder, { enable, names, env }) {
  const script = join(folder, 'convlab.js');
  const whole = join(folder, 'convlab_bg.wasm');
  const text = join(folder, 'convlab.wat');
  run('wasm-dis', [...enable, whole, '-o', text], { env });
  // What is imported is asked for by short names: there are two hundred, and a browser would load them all.
  const short = new Map();
  const shorten = (item) =>
    item.replace(/^( \(import "[^"]*" )"([^"]*)"/, (_, head, name) => {
      if (!short.has(name)) short.set(name, `i${short.size.toString(36)}`);
      return `${head}"${short.get(name)}"`;
    });
  const { first, others } = split(readFileSync(text, 'utf8'), shorten);
  const write = (file, source) => {
    writeFileSync(text, source);
    run('wasm-as', [...enable, ...names, text, '-o', file], { env });
    return file;
  };
  const files = [write(whole, first), ...others.map(({ part, source }) => write(join(folder, `${part}.wasm`), source))];
  rmSync(text);
  writeFileSync(script, withParts(readFileSync(script, 'utf8'), short));
  return files;
}

/**
 * The script that wasm-bindgen wrote, with short names, and with `parts`: the parts' addresses, and `module`, to which whoever loads the
 * engine gives what finds a part's module. It imports nothing, so that all workers load the same file.
 */
function withParts(script, short) {
  const urls = PARTS.map((part) => `new URL('${part}.wasm', import.meta.url)`).join(', ');
  const imports = '"./convlab_bg.js": import0,';
  if (script.split(imports).length !== 2)
    throw new SetupError("wasm-bindgen's script has another form than it had: see .ci/split-wasm.mjs.");
  const load = `(part) => { new WebAssembly.Instance(parts.module(part), { ${imports} engine: wasm }); }`;
  return `export const parts = { urls: [${urls}], module: undefined };\n\n${script}`
    .replace(imports, `${imports}\n        parts: { load: ${load} },`)
    .replaceAll(/^ {8}(__wb\w+): function/gm, (all, name) =>
      short.has(name) ? `        ${short.get(name)}: function` : all,
    );
}
