// Reads packs: the engine verifies lengths, checksum and program; here are the names, and the policy's tables.
import { load } from "./engine.js";
import type { Exports, PackFault } from "./engine.js";
import { InvalidPackError } from "./errors.js";
import { isId } from "./ids.js";
import type { Entry, EntityKind, Item, Lookup, Names, Operation, Program, Table } from "./model.js";
import { decodeUtf8 } from "./utf8.js";

/** The words of the program's header, of an entry and of an operation. */
const [PROGRAM, ENTRY, OPERATION] = [17, 10, 6];
const KINDS = ["switch", "flag", "flag", "level", "set", "choice", "number"] as const;
const TEXTS = ["id", "title", "version", "fingerprint"] as const;
/** The tables of names, in the order of a pack. */
const TABLES = ["facts", "privileges", "roles", "operations", "menu", "guides", "verbs"] as const;

/**
 * Opens a pack. O(bytes).
 *
 * @throws InvalidPackError, LoadError
 */
export function openPack(pack: Uint8Array, instance: () => Exports): readonly [names: Names, program: Program] {
  const loaded = load(instance, pack);
  if (typeof loaded === "object") {
    try {
      const [engine, bytes, words] = loaded;
      const names = read(decodeUtf8(bytes));
      return [names, { ...build(names, words), engine, pack }];
    } catch {
      // Names of another shape, and invalid ones, are malformed
    }
  }
  const messages: { readonly [fault in PackFault]: string } = {
    foreign: "not a pack of this release at byte 0; compile the policy again",
    damaged: `pack is damaged or cut short at byte ${pack.length}; load or compile it again`,
    malformed: "malformed pack at byte 21; compile the policy again",
  };
  throw new InvalidPackError("invalid-pack", messages[typeof loaded === "string" ? loaded : "malformed"]);
}

/** Throws unless names are valid. `openPack` words the error. */
function check(isValid: unknown): asserts isValid {
  if (!isValid) throw new Error();
}

/** Reads names. Throws for a text that is not the canonical JSON of names. */
function read(json: string): Names {
  const given = JSON.parse(json) as Names;
  // Copies the shape of names, so that writing it gives the same text for no other shape.
  const names: { [key: string]: unknown } = {};
  for (const key of TEXTS) names[key] = String(given[key]);
  for (const key of [...TABLES, "renamed"] as const) names[key] = given[key].map((row) => row.map(String));
  check(JSON.stringify(names) === json);
  return names as unknown as Names;
}

/** Builds the tables of a valid program. Throws for invalid names. */
function build(names: Names, words: readonly number[]): Omit<Program, "engine" | "pack"> {
  const [facts, privileges, roles, operations, items, verbs, , operationsAt, obligationsAt, menuAt] =
    words as unknown as readonly [...[number, number, number, number, number, number, number, number, number, number]];
  const counts = [facts, privileges, roles, operations, items, Math.min(names.guides.length, 65_536), verbs];
  const list = (at: number, length: number) => words.slice(at / 4, at / 4 + length);
  const entries: Entry[] = [];
  const rows: Operation[] = [];
  const menu: Item[] = [];
  const ids = {} as { [table in Table]: readonly string[] };
  const index = {} as { [what: string]: ReadonlyMap<string, Entry | number> };
  const renamed = new Map<string, string>();
  let owed = 0;
  let last = "";
  check(isId(names.id) && /^[0-9a-f]{64}$/.test(names.fingerprint));
  for (const [place, table] of TABLES.entries()) {
    const what = place === 4 ? "menu item" : table.slice(0, -1);
    const found = new Map<string, Entry | number>();
    check(names[table].length === counts[place]);
    for (const [id, ...more] of names[table]) {
      let known: Entry | number = found.size;
      let count = 0;
      if (place < 3) {
        const { length } = entries;
        const [code, input, values, , , slot, , , a, b] = list(4 * (PROGRAM + ENTRY * length), ENTRY) as unknown as [
          ...[number, number, number, number, number, number, number, number, number, number],
        ];
        const isNamed = code > 2 && code < 6;
        count = isNamed ? values : 0;
        const codes = new Map<string | boolean, number>(
          isNamed
            ? more.map((name, at) => [name, at + +(code === 3)] as const)
            : ([
                [true, 1],
                [false, code ? -1 : 0],
              ] as const),
        );
        check(!isNamed || codes.size === values);
        known = {
          what: what as Entry["what"],
          index: length,
          id: id!,
          kind: KINDS[code]!,
          codes: code < 6 ? codes : undefined,
          range: place ? [a, b] : [0, 0xffffffff],
          grants: place > 1 ? list(a, 2 * b).map((word, at) => (at & 1 ? word : word + facts)) : [],
          slot,
          hasWhen: slot !== 2 * input,
        };
        entries.push(known);
      } else if (place === 3) {
        const [decision, verbs, restricts, obligations, at, placed] = list(
          operationsAt + 4 * OPERATION * known,
          OPERATION,
        ) as [number, number, number, number, number, number];
        count = obligations;
        const slots = [decision, ...list(obligationsAt + 4 * owed, count)];
        rows.push({ verbs, restricts, obligations: more, owed, slots, items: restricts ? [] : list(at, placed) });
        owed += count;
      } else if (place === 4) {
        const [label, data] = more;
        count = data === undefined ? 1 : 2;
        menu.push({
          label: label!,
          meta: count > 1 ? JSON.parse(data!) : data,
          placed: [],
          children: [],
          parent: Math.min(words[menuAt / 4 + known]!, items),
        });
      }
      check(more.length === count && [id, ...(place === 4 ? [] : more)].every(isId) && !found.has(id!));
      found.set(id!, known);
    }
    index[what] = found;
    ids[table] = Object.freeze([...found.keys()]);
  }
  const known = new Set(entries.map(({ id }) => id));
  for (const [id, present, ...more] of names.renamed as readonly (readonly [string, string, ...string[]])[]) {
    check(isId(id) && id > last && !known.has(id) && known.has(present) && !more[0]);
    renamed.set((last = id), present);
  }
  menu.push({ label: "", meta: undefined, placed: [], children: [], parent: -1 });
  for (const [at, { items }] of rows.entries()) for (const item of items) menu[item]!.placed.push(at);
  for (const [item, { parent }] of menu.entries()) menu[parent]?.children.push(item);
  check(!/[\ud800-\udfff]/u.test([names.title, names.version, ...menu.map(({ label }) => label)].join()));
  const round = (bits: number) => (bits + 15) & ~15;
  const denied = round(operations);
  const held = 2 * denied + round(owed);
  return {
    entries,
    roles: entries.slice(facts + privileges),
    rows,
    items: menu,
    ids,
    renamed,
    index: index as { readonly [kind in EntityKind]: ReadonlyMap<string, Lookup<kind>> },
    denied,
    owed: 2 * denied,
    held: held - facts - privileges,
    outputs: (held + round(roles)) / 16,
  };
}
