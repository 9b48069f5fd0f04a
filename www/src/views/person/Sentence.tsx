// A decision as one sentence about the person, from the reasons of `privet/why`: it needs no studio.
import type { Schema, Session } from "privet";
import type { Reason as AnyReason } from "privet/why";
import { why } from "privet/why";
import type { ComponentChildren } from "preact";
import type { Person } from "../../state/types.js";
import type { Model, OperationInfo } from "../../state/model.js";
import { prerequisites } from "./asked.js";
import { text } from "../../text/index.js";

type Reason = AnyReason<Schema>;
/** Text, and names in bold. */
export type Part = string | { readonly name: string };

const name = (reason: Reason, needed = ""): Part => ({
  name: needed === "" ? reason.label : `${reason.label}: ${needed}`,
});

/** A reason as a clause; clauses of one subject may follow each other: “Maria lacks A and B”. */
function clause(
  reason: Reason,
  lacking: (id: string) => readonly string[],
): { readonly verb: "lacks" | "has" | ""; readonly parts: readonly Part[] } {
  const { code, needed, held, through = [] } = reason;
  const value = needed === text.values.granted || needed === "" ? "" : needed;
  const says = (...parts: Part[]) => ({ verb: "" as const, parts });
  const roles = through.length > 0 ? text.why.through(through.map(({ label }) => label)) : "";
  switch (code) {
    case "not-granted":
    case "not-included":
      return { verb: "lacks", parts: [name(reason, plainNeeded(value))] };
    case "granted":
    case "included":
      return { verb: "has", parts: [name(reason, plainNeeded(value)), roles] };
    case "dormant": {
      const names = lacking(reason.id ?? "");
      return says(name(reason), ` ${names.length > 0 ? text.why.noEffectWithout(names) : text.why.noEffect}`);
    }
    case "off":
      return says(name(reason), ` ${text.why.isOff}`);
    case "on":
      return says(name(reason), ` ${text.why.isOn}`);
    case "unknown":
      return says(name(reason), ` ${text.why.isUnknown}`);
    case "too-low":
    case "too-high":
    case "other-value":
      return says(name(reason), ` ${text.why.notEnough(held, needed)}`);
    case "value":
    case "set":
      return says(name(reason), ` ${text.why.except(held || needed)}`, roles);
    case "not-set":
      return says(name(reason), ` ${text.why.isNotSet}`);
    case "met":
      return says(name(reason), ` ${text.why.met}`);
    case "not-met":
      return says(name(reason), ` ${text.why.notMet}`);
    case "denied":
      return says(name(reason), ` (${text.why.decision.denied})`);
    default:
      return says(name(reason), ` (${text.why.decision.allowed})`);
  }
}

/** “at least Modify” as the value that is lacking: “Modify”. */
const plainNeeded = (needed: string) => needed.replace(new RegExp(`^(${text.signs.least}|${text.signs.is}) `), "");

/** Whether a person can do an operation, and why, as parts. */
export function sentence(model: Model, person: Person, session: Session, { id, label }: OperationInfo): Part[] {
  const says = (reason: Reason) =>
    clause(reason, (privilege) => prerequisites(model, session, privilege).map(model.label));
  const { decision, reasons } = why(session, id);
  const start = { allowed: text.why.can1, denied: text.why.cannot1, undecided: text.why.maybe1 }[decision](
    person.name,
    label,
  );
  if (reasons.length === 0) return [`${start}.`];
  const groups: Reason[][] = [];
  for (const reason of reasons) {
    const last = groups.at(-1);
    if (last && reason.alternative !== undefined && last[0]?.alternative === reason.alternative) last.push(reason);
    else groups.push([reason]);
  }
  // Clauses of the person come first, so that one verb serves several
  const clauses = groups.map((group) => ({
    verb: says(group[0] as Reason).verb,
    parts: joined(
      group.map((it) => says(it).parts),
      "or",
    ),
    mixed: new Set(group.map((it) => says(it).verb)).size > 1,
    group,
  }));
  const they = text.why.they(person.name, person.pronoun);
  const said: Part[][] = [];
  for (const verb of ["lacks", "has", ""] as const) {
    const some = clauses.filter((it) => !it.mixed && it.verb === verb);
    if (some.length === 0) continue;
    const parts = some.map(({ parts }) => parts);
    if (verb === "") said.push(...parts);
    else said.push([`${they} ${text.why[verb]} `, ...joined(parts, "and")]);
  }
  for (const { group } of clauses.filter(({ mixed }) => mixed))
    said.push(
      joined(
        group.map((it) => {
          const { verb, parts } = says(it);
          return verb === "" ? parts : [`${they} ${text.why[verb]} `, ...parts];
        }),
        "or",
      ),
    );
  const link = decision === "undecided" ? text.why.dependsOn : text.why.because;
  return [start, link, ...joined(said, "and"), "."];
}

function joined(lists: readonly (readonly Part[])[], how: "and" | "or"): Part[] {
  const glue = text[how](lists.map((_, index) => `\uE000${index}\uE000`)).split(/\uE000(\d+)\uE000/);
  return glue.flatMap((part, at) => (at % 2 === 1 ? [...(lists[Number(part)] ?? [])] : part === "" ? [] : [part]));
}

export const Parts = ({ parts }: { parts: readonly Part[] }): ComponentChildren => (
  <>{parts.map((part, index) => (typeof part === "string" ? part : <b key={index}>{part.name}</b>))}</>
);

export const plain = (parts: readonly Part[]): string =>
  parts.map((part) => (typeof part === "string" ? part : part.name)).join("");
