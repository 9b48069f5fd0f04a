// What the cells of a role × permission table say.

const YES = new Set([
  "x",
  "✓",
  "✔",
  "☑",
  "●",
  "•",
  "■",
  "+",
  "y",
  "yes",
  "ja",
  "j",
  "oui",
  "o",
  "si",
  "sí",
  "s",
  "sim",
  "true",
  "wahr",
  "vrai",
  "1",
  "on",
  "ok",
  "allow",
  "allowed",
  "grant",
  "granted",
  "enabled",
  "✅",
  "🗸",
  "×",
  "☒",
]);
const NO = new Set([
  "",
  "-",
  "–",
  "—",
  "n",
  "no",
  "nein",
  "non",
  "não",
  "false",
  "falsch",
  "faux",
  "0",
  "off",
  "none",
  "n/a",
  "na",
  "deny",
  "denied",
  "disabled",
  "✗",
  "✘",
  "✕",
  "❌",
  "☐",
  "○",
  "kein",
  "keine",
  ".",
  "/",
]);

/** Words for more and more access. Words of one rank mean the same in different tables. */
const RANKS: readonly (readonly string[])[] = [
  ["list", "browse"],
  ["view", "view only", "read", "read only", "readonly", "read-only", "r", "see", "lesen", "ansehen", "lecture", "ro"],
  ["comment", "use", "execute"],
  ["create", "add", "anlegen"],
  [
    "edit",
    "write",
    "modify",
    "update",
    "change",
    "read/write",
    "r/w",
    "rw",
    "read-write",
    "readwrite",
    "bearbeiten",
    "schreiben",
    "ändern",
    "écriture",
    "view/edit",
    "w",
  ],
  ["delete", "edit/delete", "modify and delete", "löschen"],
  ["manage", "full", "full access", "full control", "admin", "all", "owner", "voll", "alle", "verwalten"],
];

/** What a cell grants: nothing, everything that there is, or words. */
export type Mark = "no" | "yes" | { readonly words: readonly string[] };

/** What a cell says. */
function markOf(cell: string, isCrud = false): Mark {
  const text = cell
    .toLowerCase()
    .replace(/^\((.*)\)$/, "$1")
    .trim();
  if (isCrud && /^[crud]+$/.test(text)) return { words: [...text].map((letter) => CRUD[letter as keyof typeof CRUD]) };
  if (NO.has(text)) return "no";
  if (YES.has(text)) return "yes";
  if (rankOf(text) !== undefined) return { words: [cell] };
  const parts = cell
    .split(/[,;/+&\n]|\band\b|\bund\b/i)
    .map((part) => part.trim())
    .filter(Boolean);
  return { words: parts.length > 0 ? parts : [cell] };
}

const CRUD = { c: "Create", r: "Read", u: "Update", d: "Delete" } as const;

/** The rank of a word for access; `undefined` for other words. */
export function rankOf(word: string): number | undefined {
  const rank = RANKS.findIndex((words) => words.includes(word.toLowerCase()));
  return rank < 0 ? undefined : rank;
}

/** What the cells of one permission say: single letters are those of create, read, update and delete where another cell has several. */
export function marksOf(cells: readonly string[]): Mark[] {
  const isCrud = cells.some((cell) => /^[crud]{2,4}$/i.test(cell));
  return cells.map((cell) => markOf(cell, isCrud));
}

/** Whether a cell says yes or no, which no name does. */
export const isStrong = (cell: string): boolean =>
  cell !== "" && (YES.has(cell.toLowerCase()) || NO.has(cell.toLowerCase()));

/** Whether a cell looks like a mark, and not like a name. */
export function isMark(cell: string): boolean {
  const text = cell.toLowerCase();
  return (
    (YES.has(text) || NO.has(text) || rankOf(text) !== undefined || /^[crud]{1,4}$/.test(text)) &&
    !/^\d{2,}$/.test(text)
  );
}
