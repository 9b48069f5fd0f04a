import type { FactValue, Grants, Subject } from "privet";

/** The facts of the installation: one state for everybody. */
export type Facts = { readonly [id: string]: FactValue | null };

/** What a person holds at a moment that can be returned to. */
export interface SavePoint {
  readonly subject: Subject;
  readonly roles: readonly string[];
  readonly name: string;
}

/** A person: what they hold themselves. Facts of the installation are not part of it. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** How sentences speak of the person; the name is used where it is not given. */
  readonly pronoun?: "she" | "he";
  /** Listed roles of the policy, inline roles, own grants, and facts about the person. */
  readonly subject: Subject;
  /** Ids of roles that were made here. */
  readonly roles: readonly string[];
  readonly saved: SavePoint;
  /** The imported file that the person was opened from, and the row. */
  readonly file?: string;
  readonly row?: number;
}

/** A role that was made here, or the grants that replace those of a role of the policy, whose id it has. */
export interface RoleDraft {
  readonly id: string;
  readonly name: string;
  /** The role that it was copied from. */
  readonly base?: string;
  readonly grants: Grants;
}

/** What undo covers: everything that decides. */
export interface Content {
  readonly facts: Facts;
  readonly people: readonly Person[];
  readonly roles: readonly RoleDraft[];
}

/** A step that can be undone, with the words for it. */
export interface Step {
  readonly content: Content;
  readonly did: string;
  /** The control that the focus returns to. */
  readonly focus?: string;
}

/** A change that somebody asks for. */
export interface AccessRequest {
  readonly id: string;
  readonly person: string;
  readonly operation: string;
  readonly change: import("privet").Change;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: (typeof requestStates)[number];
}
export const requestStates = ["draft", "sent", "received", "done"] as const;

/** A stored version of an own policy. */
export interface Version {
  readonly name: string;
  readonly at: number;
  readonly text: string;
}

/** The built-in policies, and the user's own. */
export const policies = ["vicidial", "contact", "dotdigital"] as const;
export type BuiltIn = (typeof policies)[number];
/** The names of the products that the built-in policies are of. */
export const products: { readonly [id: string]: string } = {
  vicidial: "VICIdial",
  contact: "Contact",
  dotdigital: "dotdigital",
};
export type PolicyId = BuiltIn | "own";

/** All that is kept about one installation. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly policy: PolicyId;
  /** The document of an own policy. */
  readonly text?: string;
  readonly content: Content;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  readonly requests: readonly AccessRequest[];
  /** The text in the policy editor, where it differs from the policy in use. */
  readonly draft?: string;
  readonly versions: readonly Version[];
  /** Names of groups of identical access, by their access. */
  readonly groups: { readonly [access: string]: string };
  /** The parameters of the last question, so that it reopens as it was. */
  readonly question?: Question;
}

export const views = [
  "person",
  "roles",
  "matrix",
  "installation",
  "requests",
  "guides",
  "reports",
  "import",
  "policy",
  "compare",
] as const;
export type View = (typeof views)[number];

/** Panels of a view; narrow screens show one at a time. */
export const panes = ["privileges", "menu", "why"] as const;
export type Pane = (typeof panes)[number];

/** The views whose answer is not in the last panel, but in the one before. */
const inTheMiddle: readonly View[] = ["matrix", "installation", "requests", "reports", "import", "policy", "compare"];
/** The panel that narrow screens show: the one that was chosen, else the one with the answer. */
export const paneOf = ({ view, pane }: Question): Pane => pane || (inTheMiddle.includes(view) ? "menu" : "why");

/** What can be compared, the columns of the matrix, and what a report is about. */
export const compareModes = ["people", "roles", "time", "versions"] as const;
export const matrixModes = ["roles", "people", "groups"] as const;
export const reportKinds = ["operation", "person", "organisation"] as const;
export type ReportKind = (typeof reportKinds)[number];

/** What is asked: it is part of the address, and Back steps through it. */
export interface Question {
  readonly view: View;
  readonly who: string;
  readonly item: string;
  readonly op: string;
  /** The panel that was chosen in this view; empty where none was. */
  readonly pane: Pane | "";
  /** Whether items that the person does not see are left out of the menu. */
  readonly exact: boolean;
  readonly search: string;
  readonly left: string;
  readonly right: string;
  readonly mode: (typeof compareModes)[number];
  readonly everything: boolean;
  readonly guide: string;
  readonly role: string;
  readonly fact: string;
  readonly matrix: (typeof matrixModes)[number];
  readonly report: ReportKind;
  readonly request: string;
  readonly tab: string;
  /** Person of each actor of a guide. */
  readonly actors: { readonly [who: string]: string };
}

export type Ask = Partial<Question>;

/** Data that a link carries: it opens as a workspace of its own. */
export interface Carried {
  readonly policy: PolicyId;
  readonly name?: string;
  readonly text?: string;
  readonly content?: Content;
  readonly request?: AccessRequest;
  /** What an exported file has besides. */
  readonly kept?: Pick<Workspace, "requests" | "versions" | "groups" | "draft">;
}
