// The documents that a policy was taken from, as people read them.
import { capital } from "../text/words.js";
import type { OperationInfo } from "./model.js";
import { products } from "./types.js";

/** The titles of the documents that the built-in policies name by an id. */
const titles: { readonly [document: string]: string } = {
  "vicidial-email-accounts": "How to let a user configure Email Accounts",
  "contact-privileges-summary": "Contact: Privileges summary",
  "contact-roles-privileges-and-profiles": "Contact: Roles, privileges and profiles",
  "dotdigital-user-permissions": "dotdigital: User permissions",
  "dotdigital-account-owner": "dotdigital: Account owner",
};

/** The title of a document; an id such as `staff-handbook` as words. */
function titleOf(document: string): string {
  const known = titles[document];
  if (known !== undefined || !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(document)) return known ?? document;
  const [first = "", ...rest] = document.split("-");
  return [products[first] ?? capital(first), ...rest].join(" ");
}

/** A document with its rows in order. */
interface Source {
  readonly title: string;
  readonly rows: readonly number[];
  readonly inferred: boolean;
}

/** The documents that an operation was taken from. */
export function sourcesOf({ sources }: OperationInfo): readonly Source[] {
  return [...new Set(sources.map(({ document }) => document))].map((document) => {
    const some = sources.filter((source) => source.document === document);
    const rows = new Set(some.flatMap(({ row }) => (row === undefined ? [] : [row])));
    return {
      title: titleOf(document),
      rows: [...rows].sort((a, b) => a - b),
      inferred: some.every(({ inferred }) => inferred),
    };
  });
}
