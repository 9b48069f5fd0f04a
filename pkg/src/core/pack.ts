// Reads packs: verifies lengths, checksum, program and names, and builds the policy's tables.
import { load } from "./engine.js";
import type { Exports } from "./engine.js";
import { InvalidPackError } from "./errors.js";
import { isId } from "./ids.js";
import type { Entry, EntityKind, Item, Lookup, Names, Operation, Program, Table } from "./model.js";
import { decodeUtf8 } from "./utf8.js";

const HEADER = 21;
/** The words of the program's header, of an entry and of an operation. */
const [PROGRAM, ENTRY, OPERATION] = [17, 10, 6];
const KINDS = ["switch", "flag", "flag", "level", "set", "choice", "number"] as const;
const TEXTS = ["id", "title", "version", "fingerprint"] as const;
/** The tables of names, in the order of a pack. */
const TABLES = ["facts", "privileges", "roles", "operations", "menu", "guides", "verbs", "renamed"] as const;

/**
 * Opens a pack. O(bytes).
 *
 * @throws InvalidPackError, LoadError
 */
export function openPack(
  pack: Uint8Array,
  instance: () => Exports,
): readonly [names: Names, program: Program, layout: string] {
  const lengths = [5, 9, 13, 17].map((at) =>
    [0, 1, 2, 3].reduce((sum, byte) => sum + pack[at + byte]! * 256 ** byte, 0),
  );
  const [length, words] = lengths as [number, number];
  const start = HEADER + length;
  let message = "not a pack of this release at byte 0; compile the policy again";
  if (String.fromCharCode(...pack.subarray(0, 5)) === "PRVT\x05") {
    message = `pack is damaged or cut short at byte ${pack.length}; load or compile it again`;
    const end = lengths.reduce((sum, length) => sum + length, HEADER + 4);
    const loaded = pack.length === end ? load(instance(), pack, start, start + words) : undefined;
    if (loaded !== undefined) {
      message = `malformed pack at byte ${HEADER}; compile the policy again`;
      try {
        const json = decodeUtf8(pack.subarray(HEADER, start));
        const names = read(json);
        const program = loaded && build(names, loaded[1]);
        if (program) {
          const engine = loaded[0];
          // A token begins with the layout, in 12 letters
          const layout = engine.writeToken({ own: [], inline: [], joined: [] }).slice(0, 12);
          return [names, { ...program, engine, pack }, layout];
        }
      } catch {
        // Names of another shape are reported below
      }
    }
  }
  throw new InvalidPackError("invalid-pack", message);
}

/** Reads names. Throws for a text that is not the canonical JSON of names. */
function read(json: string): Names {
  const given = JSON.parse(json) as Names;
  // Copies the shape of names, so that writing it gives the same text for no other shape.
  const names = Object.fromEntries<unknown>(TEXTS.map((key) => [key, String(given[key])]));
  for (const table of TABLES) names[table] = given[table].map((row) => row.map(String));
  if (JSON.stringify(names) !== json) throw names;
  return names as unknown as Names;
}

/** Builds the tables of a valid program; `undefined` if its names are invalid. */
function build(names: Names, words: readonly number[]): Omit<Program, "engine" | "pack"> | undefined {
  const [facts, privileges, roles, operations, items, verbs, , operationsAt, , menuAt] = words as unknown as readonly [
    ...[number, number, number, number, number, number, number, number, number, number],
  ];
  const { guides, renamed: renames } = names;
  const counts = [facts, privileges, roles, operations, items, Math.min(guides.length, 65_536), verbs, renames.length];
  const list = (at: number, length: number) => words.slice(at / 4, at / 4 + length);
  const entries: Entry[] = [];
  const rows: Operation[] = [];
  const menu: Item[] = [];
  const ids = {} as { [table in Table]: readonly string[] };
  const index = {} as { [what: string]: ReadonlyMap<string, Entry | number> };
  const renamed = new Map<string, Entry>();
  let owed = 0;
  let last = "";
  let isValid = isId(names.id) && /^[0-9a-f]{64}$/.test(names.fingerprint);
  for (const [place, table] of TABLES.entries()) {
    const all = names[table];
    const found = new Map<string, Entry | number>();
    const what = table === "menu" ? "menu item" : (table.slice(0, -1) as EntityKind);
    isValid &&= all.length === counts[place];
    for (const row of isValid ? all : []) {
      const [id = "", ...more] = row;
      const at = found.size;
      let count = 0;
      if (place < 3) {
        const [code = 0, input = 0, values = 0, , , slot, , , a = 0, b = 0] = list(
          4 * (PROGRAM + ENTRY * entries.length),
          ENTRY,
        );
        const isNamed = code > 2 && code < 6;
        count = isNamed ? values : 0;
        const known = isNamed
          ? more.map((name, at) => [name, at + +(code === 3)] as const)
          : ([
              [true, 1],
              [false, code ? -1 : 0],
            ] as const);
        const codes = new Map<string | boolean, number>(known);
        const grants = place > 1 ? list(a, 2 * b).map((word, at) => (at & 1 ? word : word + facts)) : [];
        isValid &&= !isNamed || codes.size === values;
        entries.push({
          what: what as Entry["what"],
          index: entries.length,
          id,
          kind: KINDS[code]!,
          codes: code < 6 ? codes : undefined,
          range: place ? [a, b] : [0, 0xffffffff],
          grants,
          choices: grants.flatMap((privilege, at) =>
            at & 1 || entries[privilege]!.kind !== "choice" ? [] : [[privilege, grants[at + 1]!] as const],
          ),
          hasWhen: slot !== 2 * input,
        });
      } else if (place === 3) {
        const [, verbs = 0, restricts = 0, obligations = 0, at = 0, placed = 0] = list(
          operationsAt + 4 * OPERATION * rows.length,
          OPERATION,
        );
        count = obligations;
        rows.push({ verbs, restricts, obligations: more, owed, items: restricts ? [] : list(at, placed) });
        owed += count;
      } else if (place === 4) {
        const [label = "", data] = more;
        count = data === undefined ? 1 : 2;
        const meta = count > 1 ? JSON.parse(data!) : data;
        menu.push({ label, meta, placed: [], children: [], parent: Math.min(words[menuAt / 4 + at]!, items) });
      } else if (place > 6) {
        count = 1;
        const of = (id: string) => ["fact", "privilege", "role"].map((kind) => index[kind]!.get(id)).find(Boolean);
        const entry = of(more[0]!) as Entry | undefined;
        isValid &&= !!entry && !of(id) && id > last;
        last = id;
        if (entry) renamed.set(id, entry);
      }
      isValid &&= more.length === count && [id, ...(place === 4 ? [] : more)].every(isId) && !found.has(id);
      found.set(id, place < 3 ? entries[entries.length - 1]! : at);
    }
    if (place > 6) break;
    index[what] = found;
    ids[table as Table] = Object.freeze([...found.keys()]);
  }
  menu.push({ label: "", meta: undefined, placed: [], children: [], parent: -1 });
  for (const [at, { items }] of rows.entries()) for (const item of items) menu[item]!.placed.push(at);
  for (const [item, { parent }] of menu.entries()) menu[parent]?.children.push(item);
  isValid &&= !/[\ud800-\udfff]/u.test([names.title, names.version, ...menu.map(({ label }) => label)].join(" "));
  const [words16, decisions] = [(bits: number) => (bits + 15) >> 4, (rows.length + 15) >> 4];
  const held = 2 * decisions + words16(owed);
  const program = {
    entries,
    rows,
    items: menu,
    ids,
    renamed,
    index: index as { readonly [kind in EntityKind]: ReadonlyMap<string, Lookup<kind>> },
  };
  return isValid
    ? { ...program, denied: 16 * decisions, owed: 32 * decisions, held: 16 * held, outputs: held + words16(roles) }
    : undefined;
}
