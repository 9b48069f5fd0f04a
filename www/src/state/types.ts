import type { Subject } from "privet";

/** A named subject whose menu is shown. */
export interface Person {
  readonly name: string;
  readonly subject: Subject;
}

export const views = ["preview", "guide", "compare", "review", "organisation", "policy"] as const;
export type View = (typeof views)[number];

/** The built-in policies, and the user's own. */
export const policies = ["vicidial", "contact", "dotdigital"] as const;
export type PolicyId = (typeof policies)[number] | "own";

/** Panels of the preview; narrow screens show one at a time. */
export const panes = ["privileges", "menu", "why"] as const;
export type Pane = (typeof panes)[number];

export type ReviewKind = "change" | "create" | "delete";

/** The whole state of the page; it is part of the URL, so that a link reproduces the view. */
export interface State {
  readonly view: View;
  readonly policy: PolicyId;
  /** The document of the user's own policy. */
  readonly text?: string;
  readonly people: readonly Person[];
  /** The people at the save point. */
  readonly saved: readonly Person[];
  readonly who: number;
  /** The menu item or operation to explain. */
  readonly item?: string;
  readonly op?: string;
  readonly pane: Pane;
  /** Whether items that the person does not see are omitted from the menu. */
  readonly exact: boolean;
  readonly search: string;
  /** Compare: rows of two people, or one person before and after the save point. */
  readonly left: number;
  readonly right: number;
  readonly time: boolean;
  readonly everything: boolean;
  readonly kind: ReviewKind;
  readonly guide?: string;
  /** Organisation: number of sample people. */
  readonly crowd: number;
  /** Guide: row of the person for each actor. */
  readonly actors: { readonly [who: string]: number };
}

/** The state encoded in a URL; the rest are defaults. */
export type Link = Partial<State>;
