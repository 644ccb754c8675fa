// Finds the shaders in a module's data, by the mark that src/pass/squeeze.rs sets before each, and gives them apart from the rest.

const MARK = Buffer.from('\x02WGSL\x03', 'latin1');
const ITEM = /^ \(data (\S+) \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)$/;
const ESCAPES = { t: '\t', n: '\n', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** The bytes of a string in the text format. */
const bytesOf = (text) =>
  Buffer.from(
    text.replaceAll(/\\([0-9a-f]{2}|.)/g, (_, code) => ESCAPES[code] ?? String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );

const textOf = (bytes) => Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');

/** Data segments as `{ shaders, rest }`, where the shaders lie at the same addresses as before. */
export function apart(items) {
  const [shaders, rest] = [[], []];
  const put = (list, name, address, bytes) => {
    if (bytes.length > 0) list.push(` (data ${name}.${list.length} (i32.const ${address}) "${textOf(bytes)}")`);
  };
  for (const item of items) {
    const [, name, start, text] = ITEM.exec(item);
    const bytes = bytesOf(text);
    let from = 0;
    for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, from)) {
      const begin = at + MARK.length + 2;
      const end = begin + bytes.readUInt16LE(begin - 2);
      put(rest, name, Number(start) + from, bytes.subarray(from, at));
      put(shaders, name, Number(start) + begin, bytes.subarray(begin, end));
      from = end;
    }
    put(rest, name, Number(start) + from, bytes.subarray(from));
  }
  return { shaders, rest };
}
