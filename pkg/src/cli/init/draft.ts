// A draft of a policy: what the importers make, and how it is written.
import { format } from "../documents/format.js";

/** An entry of a document with an id and a label. */
export interface Entry {
  readonly id: string;
  readonly label: string;
}

/** A privilege of a draft. */
export interface DraftPrivilege extends Entry {
  readonly kind: "flag" | "level" | "set";
  readonly group?: string;
  readonly levels?: readonly Entry[];
  readonly options?: readonly Entry[];
  readonly note?: string;
}

/** An operation of a draft. */
export interface DraftOperation extends Entry {
  readonly section?: string;
  readonly menu?: readonly string[];
  readonly verbs?: readonly string[];
  readonly requires: string;
  readonly note?: string;
}

/** The parts of a document that importers fill. */
export interface Draft {
  readonly verbs?: readonly Entry[];
  readonly facts?: readonly (Entry & { readonly kind: "switch"; readonly note?: string })[];
  readonly privileges: readonly DraftPrivilege[];
  readonly roles: readonly (Entry & {
    readonly grants: Readonly<Record<string, unknown>>;
    readonly inherits?: readonly string[];
  })[];
  readonly menu?: readonly Entry[];
  readonly operations: readonly DraftOperation[];
  /** What has no counterpart, or was read with doubt. */
  readonly notes: readonly string[];
}

const KEYWORDS = new Set(["and", "or", "not", "in", "is", "set", "allowed", "true", "false", "undecided"]);
/** Keys of grants that have more than a value; no privilege is called so. */
const GRANT_KEYS = new Set(["role", "name", "grants", "value", "until"]);

/** Whether an id is a word of the requirement language, or a property that every object of JavaScript has. */
export const isReserved = (id: string): boolean => KEYWORDS.has(id) || id in {} || /^(actor|before|after)\./.test(id);

/** Gives ids that a policy accepts, each once. Facts, privileges and roles share one of these. */
export class Ids {
  readonly #taken = new Set<string>();

  /** An id for a label; `fallback` where no letter of it can stand in an id. */
  of(label: string, fallback: string): string {
    const plain = label
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .replace(/ß/g, "ss")
      .replace(/&/g, " and ")
      .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
      .toLowerCase()
      .replace(/[^a-z0-9.:_]+/g, "-")
      .replace(/([-._:])[-._:]+/g, "$1")
      .replace(/^[-._:]+|[-._:]+$/g, "")
      .slice(0, 100)
      .replace(/[-._:]+$/, "");
    const base = plain === "" ? fallback : isReserved(plain) || GRANT_KEYS.has(plain) ? `${fallback}-${plain}` : plain;
    for (let number = 1; ; number++) {
      const id = number === 1 ? base : `${base}-${number}`;
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return id;
    }
  }
}

/** A draft as a document with a comment that says where it is from. */
export function documentText(id: string, title: string, from: string, { notes, ...draft }: Draft): string {
  const { verbs = [], facts = [], privileges, roles, menu = [], operations } = draft;
  const document = {
    $schema: "./node_modules/privet/schema.json",
    format: 1,
    id,
    title,
    version: "0.1.0",
    ...(verbs.length > 0 && { verbs }),
    ...(facts.length > 0 && { facts }),
    privileges,
    ...(roles.length > 0 && { roles }),
    ...(menu.length > 0 && { menu }),
    operations,
  };
  const members = Object.entries(document).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const comments = [from, ...notes.map((note) => `- ${note}`)].map(
    (line) => `// ${line.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")}\n`,
  );
  return format(`${comments.join("")}{\n${members.join(",\n")}\n}\n`);
}

/** The document that a new policy begins with. */
export const STARTER: Draft = {
  verbs: [
    { id: "view", label: "View" },
    { id: "edit", label: "Edit" },
  ],
  facts: [{ id: "returns-on", kind: "switch", label: "Returns" }],
  privileges: [
    {
      id: "orders",
      kind: "level",
      label: "Orders",
      levels: [
        { id: "view", label: "View" },
        { id: "edit", label: "Edit" },
      ],
    },
    { id: "refund", kind: "flag", label: "Refund" },
  ],
  roles: [
    { id: "clerk", label: "Clerk", grants: { orders: "edit" } },
    { id: "manager", label: "Manager", inherits: ["clerk"], grants: { refund: true } },
  ],
  menu: [
    { id: "orders", label: "Orders" },
    { id: "returns", label: "Returns" },
  ],
  operations: [
    { id: "orders.list", label: "List orders", menu: ["orders"], verbs: ["view"], requires: "orders >= view" },
    { id: "orders.edit", label: "Edit an order", menu: ["orders"], verbs: ["edit"], requires: "orders >= edit" },
    { id: "returns.refund", label: "Refund an order", menu: ["returns"], requires: "refund and returns-on" },
  ],
  notes: [],
};
