// Imported by the runners: uses the package by its entry names. The first decision is made while this module is evaluated,
// without an `await`; `run` then runs the cases.
import * as privet from "privet";
import { pack as contact } from "privet/policies/contact";
import { pack as dotdigital } from "privet/policies/dotdigital";
import { pack as vicidial } from "privet/policies/vicidial";
import { read } from "privet/read";
import { studio } from "privet/studio";
import groups from "./cases.mjs";
import { conform } from "./conformance.mjs";
import { conformFormat } from "./format.mjs";
import formats from "./formats.mjs";

const subject = { grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } };
export const first = privet.open(vicidial).session(subject).can("email-accounts.open");

/** Runs the cases and the conformance suite of the formats and returns the number of cases; `source` is the argument of `studio`. */
export async function run(source) {
  if (first !== true) throw new Error("the first decision, made without await, is wrong");
  conformFormat({ privet, read }, formats);
  return conform({ privet, read, tools: await studio(source), packs: { contact, dotdigital, vicidial }, groups });
}
