// bytes.mjs FOLDER NAME=MODULE..: the size of WebAssembly modules by section, crate, Rust module and function. The modules
// must have a name section. Prints the largest entries; writes all of them to FOLDER/bytes.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SHOWN = 15;
const SECTIONS = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];

/** Reads LEB128 numbers and length-prefixed byte strings. */
class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }
  get more() {
    return this.at < this.bytes.length;
  }
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 127) << shift;
      if ((byte & 128) === 0) return value >>> 0;
    }
  }
  slice() {
    const size = this.number();
    const start = this.at;
    this.at += size;
    return new Reader(this.bytes.subarray(start, this.at));
  }
  text() {
    return this.slice().bytes.toString();
  }
  list(read) {
    return Array.from({ length: this.number() }, () => read(this));
  }
}

/** The size of each section, and of each function with its name. */
function read(bytes) {
  const sections = {};
  const names = new Map();
  let functions = [];
  for (const module = new Reader(bytes, 8); module.more; ) {
    const id = module.number();
    const section = module.slice();
    const size = section.bytes.length;
    const name = id === 0 ? section.text() : SECTIONS[id];
    if (name === "name") {
      while (section.more) {
        const kind = section.number();
        const map = section.slice();
        if (kind === 1) map.list(() => names.set(map.number(), map.text()));
      }
      continue; // stripped from the shipped module
    }
    sections[name] = (sections[name] ?? 0) + size;
    if (name === "code") functions = section.list(() => section.slice().bytes.length);
  }
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(
    ({ kind }) => kind === "function",
  ).length;
  return {
    sections,
    functions: functions.map((size, index) => [demangle(names.get(imported + index) ?? `function ${index}`), size]),
  };
}

/** Demangles a Rust symbol and removes its hash. */
function demangle(name) {
  const parts = [];
  let rest = /^_ZN(.*)E/.exec(name)?.[1] ?? "";
  for (let digits = /^\d+/.exec(rest); digits; digits = /^\d+/.exec(rest)) {
    const end = digits[0].length + Number(digits[0]);
    parts.push(rest.slice(digits[0].length, end));
    rest = rest.slice(end);
  }
  const escapes = {
    LT: "<",
    GT: ">",
    LP: "(",
    RP: ")",
    RF: "&",
    BP: "*",
    C: ",",
    u20: " ",
    u27: "'",
    u5b: "[",
    u5d: "]",
    u7b: "{",
    u7d: "}",
  };
  const unescaped = parts.length
    ? parts
        .join("::")
        .replace(/^_(?=\$)/, "")
        .replace(/::_(?=\$)/g, "::")
    : name;
  return unescaped
    .replace(/\$(\w+)\$/g, (all, code) => escapes[code] ?? all)
    .replaceAll("..", "::")
    .replace(/\[[0-9a-f]{16}\]/g, "")
    .replace(/::h[0-9a-f]{16}(\.llvm\.\d+)?/, "");
}

/** The Rust path of a function; for `<A as B>::c` that of A. */
const path = (name) =>
  /[a-z_]\w*(?:::\w+)+/.exec(name)?.[0].split("::") ?? [/ shim$|^__wb/.test(name) ? "exports" : "other"];
const crate = (name) => path(name)[0];
const module = (name) =>
  path(name)
    .slice(0, 3)
    .filter((part, index) => index === 0 || /^[a-z]/.test(part))
    .join("::");

function summed(functions, by) {
  const sums = new Map();
  for (const [name, size] of functions) sums.set(by(name), (sums.get(by(name)) ?? 0) + size);
  return Object.fromEntries([...sums].sort(([, a], [, b]) => b - a));
}

function report(file) {
  const bytes = readFileSync(file);
  const { sections, functions } = read(bytes);
  return {
    sections,
    crates: summed(functions, crate),
    modules: summed(functions, module),
    functions: summed(functions, (name) => name),
  };
}

const largest = (sums) => {
  const all = Object.values(sums).reduce((sum, size) => sum + size, 0);
  const line = ([name, size]) =>
    `  ${String(size).padStart(8)} ${((100 * size) / all).toFixed(1).padStart(5)} %  ${name.length > 100 ? `${name.slice(0, 99)}…` : name}`;
  return Object.entries(sums).slice(0, SHOWN).map(line).join("\n");
};

const [folder, ...modules] = process.argv.slice(2);
const reports = Object.fromEntries(
  modules.map((argument) => argument.split("=")).map(([name, file]) => [name, report(file)]),
);
for (const [name, { sections, crates, modules, functions }] of Object.entries(reports)) {
  const parts = { "by section": sections, "by crate": crates, "by module": modules, "largest functions": functions };
  for (const [what, sums] of Object.entries(parts)) console.log(`${name}.wasm, ${what}: bytes, raw\n${largest(sums)}`);
}
writeFileSync(join(folder, "bytes.json"), JSON.stringify(reports, null, 2));
