// Generated from src/studio/messages/en.json by `PRIVET_BLESS=1 cargo test --test it typescript`. Do not edit.

/** The messages from which the studio's answers are worded: their ids and the arguments of their templates. */
export type Message =
  | { readonly id: "explanation"; readonly label: string; readonly decision: string; readonly because: string; readonly owed: string }
  | { readonly id: "granted"; readonly form: string; readonly label: string; readonly through: string }
  | { readonly id: "not-granted"; readonly subject: string; readonly form: string; readonly label: string; readonly needed: string }
  | { readonly id: "on"; readonly form: string; readonly label: string; readonly place: string }
  | { readonly id: "off"; readonly negated: string; readonly form: string; readonly label: string; readonly place: string }
  | { readonly id: "set"; readonly label: string; readonly through: string }
  | { readonly id: "not-set"; readonly subject: string; readonly label: string; readonly needed: string }
  | { readonly id: "included"; readonly label: string; readonly needed: string; readonly through: string }
  | { readonly id: "not-included"; readonly label: string; readonly needed: string }
  | { readonly id: "allowed"; readonly operation: string }
  | { readonly id: "denied"; readonly operation: string }
  | { readonly id: "met"; readonly label: string }
  | { readonly id: "not-met"; readonly label: string }
  | { readonly id: "unknown"; readonly subject: string; readonly form: string; readonly label: string; readonly place: string; readonly operation: string; readonly needed: string }
  | { readonly id: "value"; readonly held: string; readonly label: string; readonly needed: string; readonly place: string; readonly through: string }
  | { readonly id: "other-value"; readonly held: string; readonly label: string; readonly needed: string; readonly place: string }
  | { readonly id: "too-little"; readonly clause: string; readonly effect: string }
  | { readonly id: "dormant"; readonly form: string; readonly label: string; readonly granted: string; readonly through: string; readonly effect: string }
  | { readonly id: "effect"; readonly effective: string; readonly level: string; readonly because: string }
  | { readonly id: "any-of"; readonly clauses: string; readonly count: number }
  | { readonly id: "any-of-part"; readonly clauses: string; readonly count: number }
  | { readonly id: "through"; readonly roles: string }
  | { readonly id: "assumed"; readonly role: string; readonly because: string }
  | { readonly id: "inline-role"; readonly number: string }
  | { readonly id: "whose"; readonly whose: string; readonly label: string }
  | { readonly id: "operation"; readonly whose: string; readonly label: string }
  | { readonly id: "place"; readonly place: string }
  | { readonly id: "needed"; readonly op: string; readonly value: string }
  | { readonly id: "needed-number"; readonly op: string; readonly value: string }
  | { readonly id: "compared"; readonly label: string; readonly held: string }
  | { readonly id: "word"; readonly word: string }
  | { readonly id: "amount"; readonly unit: string; readonly count: number }
  | { readonly id: "verbs" }
  | { readonly id: "negation" }
  | { readonly id: "comma" }
  | { readonly id: "and" }
  | { readonly id: "comma-and" }
  | { readonly id: "or" }
  | { readonly id: "also" }
  | { readonly id: "semicolon" }
  | { readonly id: "quoted"; readonly label: string }
  | { readonly id: "sentence"; readonly text: string }
  | { readonly id: "fix"; readonly steps: string; readonly operations: string; readonly goal: string }
  | { readonly id: "others"; readonly count: string }
  | { readonly id: "grant"; readonly label: string; readonly to: string }
  | { readonly id: "keep"; readonly label: string; readonly to: string }
  | { readonly id: "change"; readonly label: string; readonly from: string; readonly to: string }
  | { readonly id: "raise"; readonly label: string; readonly from: string; readonly to: string }
  | { readonly id: "lower"; readonly label: string; readonly from: string; readonly to: string }
  | { readonly id: "remove"; readonly label: string }
  | { readonly id: "in-role"; readonly step: string; readonly role: string }
  | { readonly id: "add-role"; readonly label: string }
  | { readonly id: "remove-role"; readonly label: string }
  | { readonly id: "learn"; readonly label: string; readonly to: string; readonly place: string }
  | { readonly id: "switch"; readonly label: string; readonly to: string; readonly place: string }
  | { readonly id: "change-fact"; readonly label: string; readonly to: string; readonly place: string }
  | { readonly id: "restriction"; readonly label: string }
  | { readonly id: "no-change" }
  | { readonly id: "frozen"; readonly label: string }
  | { readonly id: "only-roles"; readonly label: string; readonly roles: string }
  | { readonly id: "only-subject"; readonly label: string }
  | { readonly id: "may-not-change"; readonly label: string };

/** A catalogue of messages: templates by id. Messages that it does not have stay English. */
export type Messages = { readonly [id in Message["id"]]?: string };
