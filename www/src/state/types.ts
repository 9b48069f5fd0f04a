import type { Subject } from "privet";

/** Somebody whose menus are looked at. */
export interface Person {
  readonly name: string;
  readonly subject: Subject;
}

export const views = ["preview", "guide", "compare", "review", "organisation", "policy"] as const;
export type View = (typeof views)[number];

/** The ready-made policies, and the one that the user brought. */
export const policies = ["vicidial", "contact", "dotdigital"] as const;
export type PolicyId = (typeof policies)[number] | "own";

/** The panels of the preview, which a narrow screen shows one at a time. */
export const panes = ["privileges", "menu", "why"] as const;
export type Pane = (typeof panes)[number];

export type ReviewKind = "change" | "create" | "delete";

/** What the page shows: all of it is in the address, so that a link reproduces it. */
export interface State {
  readonly view: View;
  readonly policy: PolicyId;
  /** The document of a policy that the user brought. */
  readonly text?: string;
  readonly people: readonly Person[];
  /** The people as they were at the save point. */
  readonly saved: readonly Person[];
  readonly who: number;
  /** The menu item, or the operation, that is asked about. */
  readonly item?: string;
  readonly op?: string;
  readonly pane: Pane;
  /** Whether the menu is drawn without what the person does not see. */
  readonly exact: boolean;
  readonly search: string;
  /** Compare: by the rows of two people, or one before and after. */
  readonly left: number;
  readonly right: number;
  readonly time: boolean;
  readonly everything: boolean;
  readonly kind: ReviewKind;
  readonly guide?: string;
  /** Organisation: how many made-up people. */
  readonly crowd: number;
  /** Guide: rows of people by the names of its steps. */
  readonly actors: { readonly [who: string]: number };
}

/** What an address says; the rest is by default. */
export type Link = Partial<State>;
