// What stands at a path of a document or of policy tests: an id of some namespace, a value of a fact or privilege, or a requirement.
import type { Namespace } from "./policy-index.js";

/** The kinds of files. An included file has the lists of a document. */
export type FileKind = "document" | "tests";

/** What a string or key names. */
export type Slot =
  | { readonly kind: "id"; readonly namespace: Namespace; readonly only?: readonly string[] }
  | { readonly kind: "value"; readonly of: string }
  | { readonly kind: "requirement" };

type Path = readonly (string | number)[];

const id = (namespace: Namespace, ...only: string[]): Slot =>
  only.length > 0 ? { kind: "id", namespace, only } : { kind: "id", namespace };
const requirement: Slot = { kind: "requirement" };

/** A pattern of a path: `*` is any segment; the slot may depend on the path and on the object around. */
type Pattern = readonly [pattern: string, slot: Slot | ((path: Path) => Slot)];

const valueAt =
  (index: number) =>
  (path: Path): Slot => ({ kind: "value", of: String(path[index]) });

const DOCUMENT: readonly Pattern[] = [
  ["conditions/*/requires", requirement],
  ["privileges/*/requires", requirement],
  ["privileges/*/levels/*/requires", requirement],
  ["roles/*/when", requirement],
  ["roles/*/inherits/*", id("name", "role")],
  ["roles/*/grants/*", valueAt(3)],
  ["roles/*/grants/*/*", valueAt(3)],
  ["menu/*/parent", id("menu-item")],
  ["operations/*/requires", requirement],
  ["operations/*/menu/*", id("menu-item")],
  ["operations/*/verbs/*", id("verb")],
  ["operations/*/obligations/*/when", requirement],
  ["guides/*/steps/*/done", requirement],
  ["guides/*/steps/*/operation", id("operation")],
  ["changeRules/*/requires", requirement],
  ["changeRules/*/of/*", id("name", "privilege", "role", "fact")],
];

const TESTS: readonly Pattern[] = [
  ["facts/*", valueAt(1)],
  ["cases/*/subject/roles/*", id("name", "role")],
  ["cases/*/subject/roles/*/role", id("name", "role")],
  ["cases/*/subject/roles/*/*", valueAt(5)],
  ["cases/*/subject/roles/*/*/*", valueAt(5)],
  ["cases/*/subject/roles/*/grants/*", valueAt(6)],
  ["cases/*/subject/roles/*/grants/*/*", valueAt(6)],
  ["cases/*/subject/grants/*", valueAt(4)],
  ["cases/*/subject/grants/*/*", valueAt(4)],
  ["cases/*/subject/facts/*", valueAt(4)],
  ["cases/*/expect/allowed/*", id("operation")],
  ["cases/*/expect/denied/*", id("operation")],
  ["cases/*/expect/undecided/*", id("operation")],
  ["cases/*/expect/onlyAllowed/*", id("operation")],
  ["cases/*/expect/obligations/*/*", id("obligation")],
  ["cases/*/expect/visible/*", id("menu-item")],
  ["cases/*/expect/hidden/*", id("menu-item")],
  ["properties/*/nobodyMay", id("operation")],
  ["properties/*/nobodyMay/*", id("operation")],
  ["properties/*/without", requirement],
  ["properties/*/with", requirement],
  ["properties/*/when", requirement],
  ["properties/*/nobodyHolds/*", requirement],
  ["properties/*/role", id("name", "role")],
  ["properties/*/role/*", id("name", "role")],
  ["properties/*/mayAtLeast/*", id("operation")],
  ["properties/*/mayAtMost/*", id("operation")],
];

/** The objects whose keys are ids. */
const KEYS: { readonly [kind in FileKind]: readonly Pattern[] } = {
  document: [["roles/*/grants/*", id("name", "privilege")]],
  tests: [
    ["facts/*", id("name", "fact")],
    ["cases/*/subject/facts/*", id("name", "fact")],
    ["cases/*/subject/grants/*", id("name", "privilege")],
    ["cases/*/subject/roles/*/grants/*", id("name", "privilege")],
    ["cases/*/subject/roles/*/*", id("name", "privilege")],
    ["cases/*/expect/obligations/*", id("operation")],
  ],
};

/** Keys of inline roles and of grants that end. No privilege is called so. */
export const NOT_PRIVILEGES = ["role", "name", "grants", "value", "until"];

function match(patterns: readonly Pattern[], path: Path): Slot | undefined {
  for (const [pattern, slot] of patterns) {
    const parts = pattern.split("/");
    if (parts.length === path.length && parts.every((part, index) => part === "*" || part === path[index]))
      return typeof slot === "function" ? slot(path) : slot;
  }
  return undefined;
}

/** What the string at a path names. */
export function slotOf(kind: FileKind, path: Path): Slot | undefined {
  const isWrapped = kind === "tests" && path.at(-1) === "value" && path.includes("grants");
  return match(kind === "tests" ? TESTS : DOCUMENT, isWrapped ? path.slice(0, -1) : path);
}

/** What the key at the end of a path names. */
export function keySlotOf(kind: FileKind, path: Path): Slot | undefined {
  const slot = match(KEYS[kind], path);
  return path.at(-2) !== "grants" && NOT_PRIVILEGES.includes(String(path.at(-1))) ? undefined : slot;
}
