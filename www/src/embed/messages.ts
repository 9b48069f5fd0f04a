// What a product's page and the embedded preview tell each other.
import type { Subject } from "privet";
import type { Facts } from "../state/types.js";

export interface EmbeddedPerson {
  readonly name: string;
  readonly subject: Subject;
}

/** From the product's page: what to show. */
export interface OpenMessage {
  readonly type: "privet-open";
  /** The id of a built-in policy, or the text of a document. */
  readonly policy: string;
  /** Why there is no policy: the address that could not be read. */
  readonly unread?: string;
  readonly people?: readonly EmbeddedPerson[];
  readonly facts?: Facts;
  /** Values of the CSS variables that a product may set. */
  readonly theme: { readonly [variable: string]: string };
}

/** From the preview: it can be told what to show. */
export interface ReadyMessage {
  readonly type: "privet-ready";
}

/** From the preview: everything after a change. */
export interface ChangeMessage {
  readonly type: "privet-change";
  /** What was done, in words. */
  readonly did: string;
  readonly people: readonly EmbeddedPerson[];
  readonly facts: Facts;
}

/** The CSS variables that a product may set; everything else follows from them. */
export const themed = [
  "--accent",
  "--accent-2",
  "--on-accent",
  "--accent-soft",
  "--accent-line",
  "--panel",
  "--bg",
  "--text",
  "--r-s",
  "--r",
  "--r-l",
];
