import type { PolicyDescription } from "privet/studio";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { csv } from "../../state/csv.js";
import { text } from "../../text/index.js";
import type { Line, Table } from "./table.js";

type Described = Pick<PolicyDescription, "privileges" | "roles">;

/** A fixed seed, so that a link reproduces the same sample people. */
const SEED = 20_261;

/** A table of sample people: 40 permission profiles shared by many people, as in a real organisation. */
export function sampleTable(size: number, { privileges, roles }: Described): Table {
  const generator = xoroshiro128plus(SEED);
  const random = () => uniformFloat64(generator);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const columns = privileges.filter(({ kind }) => kind !== "choice");
  const cell = (privilege: (typeof columns)[number], chance: number): string => {
    if (random() > chance) return "";
    if (privilege.kind === "flag") return "yes";
    if (privilege.kind === "number") return String(1 + Math.floor(random() * 3));
    return pick(privilege.levels ?? privilege.options ?? [])?.id ?? "";
  };
  const kinds = Array.from({ length: 40 }, () => {
    const chance = random() ** 2;
    const role = random() < 0.4 ? (pick(roles.filter(({ when }) => !when))?.id ?? "") : "";
    return [role, ...columns.map((privilege) => cell(privilege, privilege.restricting ? 0.03 : chance))];
  });
  const lines = Array.from({ length: size }, (_, row): Line => {
    const kind = kinds[Math.floor(random() ** 3 * kinds.length)] ?? [];
    const cells = [text.imports.madeUp(row + 1), ...kind];
    if (random() < 0.02) cells[2 + Math.floor(random() * columns.length)] = "";
    return { at: row + 2, cells };
  });
  return { header: [text.imports.name, text.imports.roles, ...columns.map(({ label }) => label)], lines };
}

/** The same as a file. */
export function sample(size: number, described: Described): Blob {
  const { header, lines } = sampleTable(size, described);
  return csv([header, ...lines.map(({ cells }) => cells)]);
}
