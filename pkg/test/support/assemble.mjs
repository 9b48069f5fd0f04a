// Assembles packs from their parts, as docs/format.md describes them, with a valid checksum. What the parts say is not checked.

const NONE = 0xffffffff;
const encoder = new TextEncoder();

/** CRC-32 (IEEE 802.3). */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255];
  return ~crc >>> 0;
}

/** A pack of sections that are bytes or text. */
export function sections({ names, program = new Uint8Array(), reasons = "", document = "", format = 5 }) {
  const parts = [names, program, reasons, document].map((part) =>
    typeof part === "string" ? encoder.encode(part) : part,
  );
  const pack = new Uint8Array(25 + parts.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(pack.buffer);
  pack.set([80, 82, 86, 84, format]);
  let at = 21;
  for (const [place, part] of parts.entries()) {
    view.setUint32(5 + 4 * place, part.length, true);
    pack.set(part, at);
    at += part.length;
  }
  view.setUint32(at, crc32(pack.subarray(0, at)), true);
  return pack;
}

/** The sections of a pack. */
export function disassembled(pack) {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.length);
  const lengths = [5, 9, 13, 17].map((at) => view.getUint32(at, true));
  const ends = lengths.map((_, place) => 21 + lengths.slice(0, place + 1).reduce((sum, length) => sum + length));
  const [names, program, reasons, document] = ends.map((end, place) => pack.slice(end - lengths[place], end));
  return { names, program, reasons, document };
}

export const KIND = { switch: 0, flag: 1, role: 2, level: 3, set: 4, choice: 5, number: 6 };

/**
 * A pack of rows. An entry is `{ id, kind, names, comparisons, numbers, slots, a, b, grants }`, an operation
 * `{ id, decision, obligations, items }`, a menu item `{ id, label, meta, parent }`.
 */
export function assemble({
  facts = [],
  privileges = [],
  roles = [],
  operations = [],
  menu = [],
  guides = [],
  verbs = [],
  renamed = [],
  instructions = [],
  id = "forged",
  title = "",
  version = "",
  document = "",
}) {
  const entries = [...facts, ...privileges, ...roles];
  const owed = operations.flatMap(({ obligations = [] }) => obligations);
  const words = new Array(17 + 10 * entries.length + 6 * operations.length + owed.length + menu.length).fill(0);
  const operationsAt = 17 + 10 * entries.length;
  const obligationsAt = operationsAt + 6 * operations.length;
  const menuAt = obligationsAt + owed.length;
  const list = (of = []) => {
    const at = 4 * words.length;
    for (const word of of) words.push(word);
    return at;
  };
  const group = ({ kind, names = [], comparisons = [] }) =>
    kind === KIND.number ? comparisons.length / 2 : kind < 3 ? 1 : names.length;
  let input = 2;
  let firstGrant = 2;
  for (const [index, entry] of entries.entries()) {
    if (index === facts.length) firstGrant = input;
    const { kind, names = [], comparisons = [], numbers = [], a = 0, b = 0 } = entry;
    const isPrivilege = index >= facts.length && index < facts.length + privileges.length;
    const isRole = index >= facts.length + privileges.length;
    const own = group(entry);
    const values = kind > 2 && kind < 6 ? names.length : 1;
    const [first, slots] = [input, own + values];
    input += isPrivilege && kind >= KIND.choice ? 2 * own : own;
    const row = [
      kind,
      first,
      values,
      list(comparisons),
      comparisons.length / 2,
      isPrivilege ? list(Array(slots).fill(2 * first)) : isRole ? 2 * first : 0,
      list(numbers),
      numbers.length / 2,
      isRole ? list(entry.grants) : a,
      isRole ? (entry.grants ?? []).length / 2 : b,
    ];
    for (const [place, word] of row.entries()) words[17 + 10 * index + place] = word;
  }
  if (entries.length === facts.length) firstGrant = input;
  for (const [
    index,
    { decision = 0, verbs: bits = 0, restricts = 0, obligations = [], items = [] },
  ] of operations.entries()) {
    const row = [decision, bits, restricts, obligations.length, list(items), items.length];
    for (const [place, word] of row.entries()) words[operationsAt + 6 * index + place] = word;
  }
  for (const [index, { parent = NONE }] of menu.entries()) words[menuAt + index] = parent;
  const instructionsAt = list(instructions);
  const header = [facts, privileges, roles, operations, menu, verbs, owed].map(({ length }) => length);
  header.push(
    4 * operationsAt,
    4 * obligationsAt,
    4 * menuAt,
    instructionsAt,
    4 * words.length,
    firstGrant,
    input,
    2,
    0,
    0,
  );
  for (const [place, word] of header.entries()) words[place] = word;
  const rows = (of) => of.map(({ id, names = [] }) => [id, ...names]);
  const names = {
    id,
    title,
    version,
    fingerprint: "0".repeat(64),
    facts: rows(facts),
    privileges: rows(privileges),
    roles: rows(roles),
    operations: operations.map(({ id, obligations = [] }) => [id, ...obligations]),
    menu: menu.map(({ id, label = "", meta }) => [id, label, ...(meta === undefined ? [] : [meta])]),
    guides: guides.map((id) => [id]),
    verbs: verbs.map((id) => [id]),
    renamed,
  };
  return sections({ names: JSON.stringify(names), program: new Uint8Array(Uint32Array.from(words).buffer), document });
}
