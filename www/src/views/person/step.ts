// A step of a change as words: “Turn on **Allow Emails**”, “Grant **Modify Email Accounts** to Maria”.
import type { FactValue, GrantValue } from "privet";
import { formatValue } from "../../state/format.js";
import { isShared } from "../../state/facts.js";
import type { Model } from "../../state/model.js";
import type { PlannedStep } from "../../state/plan.js";
import { text } from "../../text/index.js";
import type { Part } from "./Sentence.js";

type Values<T> = { readonly [id: string]: T | null } | undefined;

export function stepWords(
  model: Model,
  { change, id, kind, words }: Pick<PlannedStep, "change" | "id" | "kind" | "words">,
  name: string,
): Part[] {
  const label: Part = { name: model.label(id) };
  if (kind === "fact" || kind === "own-fact") {
    const value = (change.facts as Values<FactValue>)?.[id];
    if (typeof value !== "boolean")
      return [`${text.why.set} `, label, ` ${text.why.setTo(formatValue(model, id, value))}`];
    if (isShared(model.facts.get(id))) return [`${value ? text.why.turnOn : text.why.turnOff} `, label];
    return [`${text.why.make} `, label, ` ${value ? text.why.isOn : text.why.isOff}`];
  }
  if (kind === "role") {
    const { add = [], amend = [] } = change.roles ?? {};
    if (amend.length > 0) return [words];
    const [act, end] = add.length > 0 ? [text.why.give, text.why.to(name)] : [text.why.take, text.why.from(name)];
    return [`${act} ${text.why.role} `, label, ` ${end}`];
  }
  const value = (change.set as Values<GrantValue>)?.[id];
  if (value === null) return [`${text.why.take} `, label, ` ${text.why.from(name)}`];
  const granted = value === true ? label : { name: `${model.label(id)}: ${formatValue(model, id, value)}` };
  return [`${text.why.grant} `, granted, ` ${text.why.to(name)}`];
}
