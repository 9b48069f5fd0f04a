// The suite of places without WebAssembly, where there is no studio: the conformance suite of the formats and the shipped policies.
// It needs ECMAScript alone. The first decision is made while this module is evaluated.
import * as privet from "privet/js";
import { pack as contact } from "privet/policies/contact";
import { pack as dotdigital } from "privet/policies/dotdigital";
import { pack as vicidial } from "privet/policies/vicidial";
import { read } from "privet/read";
import { conformFormat } from "./format.mjs";
import formats from "./formats.mjs";

const subject = { grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } };
export const first = privet.open(vicidial).session(subject).can("email-accounts.open");
export { privet };

/** Throws unless it is so. */
function expect(condition, what) {
  if (!condition) throw new Error(what);
}

/** Two policies and two instances of one at the same time: none of them sees the memory of another. */
function apart() {
  const [one, two] = [privet.open(vicidial), privet.open(vicidial)];
  const other = privet.open(contact);
  const session = one.session(subject);
  const before = [session.allowed().join(), session.token()];
  two.session({}).allowed();
  other.session({ grants: { reports: "view-only" } }).with({ set: { reports: null } });
  const after = [one.session(subject).allowed().join(), one.session(subject).token()];
  expect(before.join() === after.join(), "instances share memory");
  expect(two.restore(before[1], subject.facts).allowed().join() === before[0], "the token is of another policy");
}

/** Runs the suite and returns the number of comparisons. */
export function run() {
  expect(first === true, "the first decision is wrong");
  apart();
  const store = privet.createStore(privet.open(dotdigital).session({ grants: { sender: true } }));
  expect(store.get().decide("campaigns.send").obligations.length === 1, "the obligation is missing");
  return conformFormat({ privet, read }, formats);
}
