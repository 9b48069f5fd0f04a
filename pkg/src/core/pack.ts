// Reads packs: the engine verifies lengths, checksum and program; here are the names, and the policy's tables.
import { load } from "./engine.js";
import type { Exports, PackFault } from "./engine.js";
import { InvalidPackError } from "./errors.js";
import { fail } from "./fail.js";
import { isId } from "./ids.js";
import * as texts from "./messages.js";
import type { Entry, EntityKind, Item, Lookup, Names, Operation, Program, Table } from "./model.js";
import { decodeUtf8 } from "./utf8.js";

/** The words of the program's header, of an entry and of an operation. */
const [PROGRAM, ENTRY, OPERATION] = [17, 10, 6];
const KINDS = ["switch", "flag", "flag", "level", "set", "choice", "number"] as const;
const TEXTS = ["id", "title", "version", "fingerprint"] as const;
/** The tables of names, in the order of a pack. */
const TABLES = ["facts", "privileges", "roles", "operations", "menu", "guides", "verbs"] as const;
/** The codes of values without a name: of a switch, and of a flag or role, for which `false` is no grant. */
const SWITCH = new Map([
  [true, 1],
  [false, 0],
]);
const FLAG = new Map([
  [true, 1],
  [false, -1],
]);

/**
 * Opens a pack. O(bytes).
 *
 * @throws InvalidPackError, LoadError
 */
export function openPack(pack: Uint8Array, instance: () => Exports): readonly [names: Names, program: Program] {
  const loaded = load(instance, pack);
  let fault: PackFault = "malformed";
  if (typeof loaded === "string") fault = loaded;
  else {
    try {
      const [engine, bytes, words] = loaded;
      const names = read(decodeUtf8(bytes));
      return [names, { ...build(names, words), engine, pack }];
    } catch {
      // Names of another shape, and invalid ones, are malformed
    }
  }
  if (fault === "foreign") fail(InvalidPackError, "invalid-pack", "", texts.foreignPack, 0);
  if (fault === "damaged") fail(InvalidPackError, "invalid-pack", "", texts.damagedPack, pack.length);
  return fail(InvalidPackError, "invalid-pack", "", texts.malformedPack, 21);
}

/** Throws unless names are valid. `openPack` words the error. */
function check(isValid: unknown): asserts isValid {
  if (!isValid) throw new Error();
}

const isText = (value: unknown) => typeof value === "string";

/** Reads names. Throws for a text that is not the canonical JSON of names. */
function read(json: string): Names {
  const given = JSON.parse(json) as Names;
  // Copies the shape of names, so that writing it gives the same text for no other shape.
  const names: { [key: string]: unknown } = {};
  for (const key of TEXTS) names[key] = String(given[key]);
  for (const key of TABLES) names[key] = [...given[key]]; // `build` refuses rows that are not lists of texts
  names.renamed = given.renamed.map((row) => row.map(String));
  check(JSON.stringify(names) === json);
  return names as unknown as Names;
}

/** Builds the tables of a valid program. Throws for invalid names. */
function build(names: Names, words: Uint32Array): Omit<Program, "engine" | "pack"> {
  const [facts, privileges, roles, operations, items, verbs, , operationsAt, obligationsAt, menuAt] =
    words as unknown as readonly [...[number, number, number, number, number, number, number, number, number, number]];
  const counts = [facts, privileges, roles, operations, items, Math.min(names.guides.length, 65_536), verbs];
  /** Words from a position on. A loop: `Array.from` takes several times as long for few. */
  const list = (position: number, count: number): readonly number[] => {
    const found: number[] = [];
    for (let at = 0; at < count; at++) found.push(words[position / 4 + at]!);
    return found;
  };
  const entries: Entry[] = [];
  const rows: Operation[] = [];
  const menu: Item[] = [];
  const ids = {} as { [table in Table]: readonly string[] };
  const index = {} as { [what: string]: ReadonlyMap<string, Entry | number> };
  const renamed = new Map<string, string>();
  let owed = 0;
  let last = "";
  // What people read, and the data of the menu
  let labels = `${names.title},${names.version}`;
  let json = "";
  check(isId(names.id) && /^[0-9a-f]{64}$/.test(names.fingerprint));
  for (const [place, table] of TABLES.entries()) {
    const what = place === 4 ? "menu item" : table.slice(0, -1);
    const found = new Map<string, Entry | number>();
    check(names[table].length === counts[place]);
    for (const row of names[table]) {
      // The keys of an object are the texts that programs have as literals, and so are found without comparing their letters
      const id = place & 1 ? Object.keys({ [row[0]!]: 0 })[0]! : row[0]!;
      const more = row.slice(1);
      // Of rows with an id twice the second is wrong, and the check behind the loop fails
      let known: Entry | number = found.size;
      let count = 0;
      if (place < 3) {
        const at = PROGRAM + ENTRY * entries.length;
        const code = words[at]!;
        const [slot, a, b] = [words[at + 5]!, words[at + 8]!, words[at + 9]!];
        let codes: Entry["codes"] = code ? FLAG : SWITCH;
        if (code > 2 && code < 6) {
          count = words[at + 2]!;
          codes = new Map(more.map((name, value) => [name, code === 3 ? value + 1 : value]));
          check(codes.size === count);
        }
        known = {
          what: what as Entry["what"],
          index: entries.length,
          id,
          kind: KINDS[code]!,
          codes: code < 6 ? codes : undefined,
          range: place ? [a, b] : [0, 0xffffffff],
          grants: place > 1 ? list(a, 2 * b).map((word, at) => (at & 1 ? word : word + facts)) : [],
          slot,
          hasWhen: slot !== 2 * words[at + 1]!,
        };
        entries.push(known);
      } else if (place === 3) {
        const at = operationsAt / 4 + OPERATION * known;
        count = words[at + 3]!;
        rows.push({
          verbs: words[at + 1]!,
          restricts: words[at + 2]!,
          obligations: more,
          owed,
          slots: [words[at]!, ...list(obligationsAt + 4 * owed, count)],
          items: words[at + 2] ? [] : list(words[at + 4]!, words[at + 5]!),
        });
        owed += count;
      } else if (place === 4) {
        const [label, data] = more;
        count = data === undefined ? 1 : 2;
        labels += `,${label}`;
        if (data !== undefined) json += ` ${data}`;
        menu.push({
          label: label!,
          meta: count > 1 ? JSON.parse(data!) : data,
          placed: [],
          children: [],
          parent: Math.min(words[menuAt / 4 + known]!, items),
        });
      }
      check(more.length === count && isId(row[0]) && more.every(place === 4 ? isText : isId));
      found.set(id, known);
    }
    check(found.size === counts[place]);
    index[what] = found;
    ids[table] = Object.freeze([...found.keys()]);
  }
  const known = new Set(entries.map(({ id }) => id));
  for (const [id, present, ...more] of names.renamed as readonly (readonly [string, string, ...string[]])[]) {
    check(isId(id) && id > last && !known.has(id) && known.has(present) && !more[0]);
    renamed.set((last = id), present);
  }
  // No half of a surrogate pair, also not as an escape of JSON
  check(!/[\ud800-\udfff]/u.test(labels + json));
  check(!/\\ud[89a-f]/i.test(json.replace(/\\\\/g, " ").replace(/\\ud[89ab]..\\ud[c-f]../gi, " ")));
  // No privilege is called like a key of grants and roles
  check(!/^(role|name|grants|value|until)$/m.test(ids.privileges.join("\n")));
  menu.push({ label: "", meta: undefined, placed: [], children: [], parent: -1 });
  for (const [at, { items }] of rows.entries()) for (const item of items) menu[item]!.placed.push(at);
  for (const [item, { parent }] of menu.entries()) menu[parent]?.children.push(item);
  const round = (bits: number) => (bits + 15) & ~15;
  const denied = round(operations);
  const held = 2 * denied + round(owed);
  return {
    entries,
    roles: entries.slice(facts + privileges),
    rows,
    items: menu,
    ids,
    order: [...ids.operations],
    renamed,
    index: index as { readonly [kind in EntityKind]: ReadonlyMap<string, Lookup<kind>> },
    denied,
    owed: 2 * denied,
    held: held - facts - privileges,
    outputs: (held + round(roles)) / 16,
  };
}
