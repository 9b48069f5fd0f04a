/** What a column of a table of people can be about: a privilege or a fact. */
export interface Titled {
  readonly id: string;
  readonly label: string;
}

/** Titles of the column of names, the best first. */
const NAMES = ["name", "fullname", "user", "username", "login", "email", "id"];

/**
 * A title or a cell without case, spaces and punctuation, as titles and options are compared.
 *
 * @example
 * plainWords("E-Mail address"); // "emailaddress"
 */
export const plainWords = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/**
 * The entries that a title names: by id, or by label where no id is meant. Several entries may have one label.
 *
 * @example
 * titled("user level", [{ id: "user-level", label: "User Level" }]); // the entry
 */
export function titled<T extends Titled>(title: string, entries: readonly T[]): readonly T[] {
  const word = plainWords(title);
  if (word === "") return [];
  const byId = entries.filter(({ id }) => plainWords(id) === word);
  return byId.length > 0 ? byId : entries.filter(({ label }) => plainWords(label) === word);
}

/**
 * The index of the column with the names of people, or -1. The titles that `isTaken` says to mean something else are passed over.
 *
 * @example
 * nameColumn(["Login", "Full name", "Level"], () => false); // 1
 */
export function nameColumn(titles: readonly string[], isTaken: (title: string) => boolean): number {
  for (const name of NAMES) {
    const at = titles.findIndex((title) => plainWords(title) === name && !isTaken(title));
    if (at >= 0) return at;
  }
  return -1;
}
