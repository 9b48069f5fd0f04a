// bytes.mjs FOLDER NAME=MODULE..: where the bytes of WebAssembly modules go: by section, crate, Rust module and function.
// The modules have kept their functions' names. Prints the largest of each; leaves all of it in FOLDER/bytes.json.
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

/** Reads numbers and byte strings, one after another. */
class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }
  get more() {
    return this.at < this.bytes.length;
  }
  number() {
    let value = 0;
    for (let shift = 0, byte = 128; byte & 128; shift += 7) value |= ((byte = this.bytes[this.at++]) & 127) << shift;
    return value >>> 0;
  }
  slice() {
    const size = this.number();
    return new Reader(this.bytes.subarray(this.at, (this.at += size)));
  }
  text() {
    return this.slice().bytes.toString();
  }
  list(read) {
    return Array.from({ length: this.number() }, () => read(this));
  }
}

/** The bytes of each section, and of each function by its name. */
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
      continue; // it is not shipped
    }
    sections[name] = (sections[name] ?? 0) + size;
    if (name === "code") functions = section.list(() => section.slice().bytes.length);
  }
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(
    ({ kind }) => kind === "function",
  ).length;
  return {
    sections,
    functions: functions.map((size, index) => [plain(names.get(imported + index) ?? `function ${index}`), size]),
  };
}

/** A name as Rust's tools print it, without its hash. */
function plain(name) {
  const parts = [];
  for (let rest = /^_ZN(.*)E/.exec(name)?.[1], size; rest; rest = rest.slice(size)) {
    rest = rest.replace(/^(\d+)/, (_, digits) => ((size = Number(digits)), ""));
    if (!size) break;
    parts.push(rest.slice(0, size));
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

/** The Rust path that a function belongs to: of `<A as B>::c`, that of A. */
const path = (name) =>
  /[a-z_]\w*(?:::\w+)+/.exec(name)?.[0].split("::") ?? [/ shim$|^__wb/.test(name) ? "exports" : "the rest"];
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
  modules.map((given) => given.split("=")).map(([name, file]) => [name, report(file)]),
);
for (const [name, { sections, crates, modules, functions }] of Object.entries(reports)) {
  const said = { "by section": sections, "by crate": crates, "by module": modules, "largest functions": functions };
  for (const [what, sums] of Object.entries(said)) console.log(`${name}.wasm, ${what}: bytes, raw\n${largest(sums)}`);
}
writeFileSync(join(folder, "bytes.json"), JSON.stringify(reports, null, 2));
