import type { Subject } from "privet";
import type { Language } from "../../text/index.js";
import type { Facts, RoleDraft } from "../../state/types.js";
import type { Meaning } from "./mapping.js";
import type { Reading } from "./table.js";

/** The installation and the roles that the people are evaluated with. */
export interface Setting {
  readonly facts: Facts;
  readonly roles: readonly RoleDraft[];
}

/** A person of the file who was opened in the workspace, with what they hold now. Roles that were made there are among theirs by id. */
export interface OpenedPerson {
  readonly row: number;
  readonly subject: Subject;
}

export type Exported = "everything" | "errors" | { readonly who: string };

/** Requests to the worker, which holds the table and the people. */
export type WorkerRequest =
  | {
      readonly type: "read";
      readonly file: Blob | { readonly sample: number };
      readonly pack: Uint8Array;
      readonly language: Language;
      readonly reading: Reading;
    }
  | { readonly type: "check"; readonly meanings: readonly Meaning[] }
  | { readonly type: "replace"; readonly column: number; readonly value: string; readonly by: string }
  | {
      readonly type: "resolve";
      readonly meanings: readonly Meaning[];
      readonly setting: Setting;
      readonly opened: readonly OpenedPerson[];
    }
  | { readonly type: "effect"; readonly setting: Setting }
  | { readonly type: "versions"; readonly before: Uint8Array; readonly after: Uint8Array }
  | { readonly type: "stop-versions" }
  | { readonly type: "who"; readonly operation: string }
  | { readonly type: "members"; readonly access: string }
  | { readonly type: "person"; readonly row: number }
  | ({ readonly type: "list" } & Page)
  | { readonly type: "export"; readonly what: Exported; readonly groups: { readonly [access: string]: string } };

/** A table before its columns are mapped. */
export interface TablePreview {
  readonly header: readonly string[];
  readonly meanings: readonly Meaning[];
  /** The first values of each column, as examples. */
  readonly values: readonly (readonly string[])[];
  readonly rows: number;
  /** A JSON file needs no column mapping. */
  readonly isJson: boolean;
  /** How the table was read; made-up people and JSON have none. */
  readonly as?: ReadAs;
}

/** How a file was read, and what else there is to choose. */
export interface ReadAs {
  /** Those of a text; a workbook has none. */
  readonly encoding?: string;
  readonly separator?: string;
  /** The names of the sheets of a workbook; a text has none. */
  readonly sheets: readonly string[];
  readonly sheet: number;
  /** The number of the row with the titles, and the rows that may have them. */
  readonly titles: number;
  readonly rows: readonly { readonly at: number; readonly words: string }[];
}

/** A row that cannot be read. */
export interface Problem {
  /** The row as spreadsheets count. */
  readonly at: number;
  readonly name: string;
  readonly column: string;
  readonly columnIndex: number;
  readonly message: string;
  readonly value: string;
  /** What was probably meant. */
  readonly meant: string;
}

/** What is read from a column. */
export interface ColumnRead {
  /** How many cells have a value. */
  readonly filled: number;
  /** How many people could not be read because of it. */
  readonly failed: number;
  /** How many people it grants something, or gives a fact; of a column of roles, how many roles it names. */
  readonly given: number;
}

/** What the columns give with these meanings, before the people are imported. */
export interface Checked {
  readonly people: number;
  readonly groups: number;
  readonly problemCount: number;
  readonly problems: readonly Problem[];
  readonly columns: readonly ColumnRead[];
  /** The first people as they are read. */
  readonly first: readonly { readonly at: number; readonly name: string; readonly subject: Subject }[];
  /** Values of columns that mean a setting of the installation, where all rows agree. */
  readonly settings: Facts;
}

/** People with identical access. */
export interface Group {
  readonly people: number;
  /** An example: the row and name of one person of the group. */
  readonly row: number;
  readonly name: string;
  /** The access as a text that is equal for equal access. */
  readonly access: string;
  /** One entry per operation, in policy order. */
  readonly allowed: Uint8Array;
}

export interface Resolved {
  /** People who are counted: rows with problems are not. */
  readonly size: number;
  readonly ms: number;
  /** Largest group first. */
  readonly groups: readonly Group[];
  readonly groupCount: number;
  /** By operation, in policy order. */
  readonly counts: Uint32Array;
  readonly dormant: readonly { readonly privilege: string; readonly people: number }[];
  readonly problemCount: number;
  readonly problems: readonly Problem[];
  /** People by role, listed or held because of facts. */
  readonly holders: { readonly [role: string]: number };
}

export interface Named {
  readonly row: number;
  /** The row as spreadsheets count. */
  readonly at: number;
  readonly name: string;
}

/** A page of the people whose names match, without some rows. */
export interface Page {
  readonly search: string;
  readonly without: readonly number[];
  readonly from: number;
  readonly count: number;
}

/** A page of the people, in the order of the file. */
export interface Listed {
  /** How many match. */
  readonly total: number;
  readonly people: readonly { readonly row: number; readonly name: string; readonly subject: Subject }[];
}

export interface WhoCan {
  readonly operation: string;
  readonly count: number;
  readonly undecided: number;
  readonly first: readonly Named[];
  /** Through what they can, with how many. */
  readonly givers: readonly { readonly by: string; readonly role?: string; readonly people: number }[];
}

export interface Effect {
  readonly gain: number;
  readonly lose: number;
  /** Who gains or loses: those who do both count once. */
  readonly touched: number;
}

/** A person with what another version of the policy makes of their access and menu, or why they do not fit it. */
export interface Changed extends Named {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  readonly fault?: string;
}

/** How two versions of a policy differ for a person: they gain, lose, do not fit one of them, or see another menu with the same operations. */
export const changeKinds = ["gain", "lose", "unfit", "menu"] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What two versions of a policy make of the people. Those who gain and lose are counted by both, and once in `affected`. */
export interface VersionEffect {
  readonly affected: number;
  readonly kinds: {
    readonly [kind in ChangeKind]: { readonly count: number; readonly first: readonly Changed[] };
  };
}

/** Responses carry the id of their request; progress messages precede the result. */
export type WorkerResponse =
  | { readonly id: number; readonly done: number; readonly all: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** The first rows of a table, one of which has the titles. */
export const TITLES = 20;

/** Maximum number of rows and groups sent to the page; exports contain all. */
export const LISTED = 200;
