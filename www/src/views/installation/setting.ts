// Another value of a setting of the installation.
import type { FactValue } from "privet";
import type { FactInfo } from "../../state/model.js";
import type { Content } from "../../state/types.js";

export const withSetting = (content: Content, fact: string, value: FactValue | null): Content => ({
  ...content,
  facts: { ...content.facts, [fact]: value },
});

/** What a setting would be switched to: on for off, the next option of a choice. */
export function otherValue(content: Content, fact: FactInfo): FactValue {
  const value = content.facts[fact.id];
  const options = (fact.levels ?? fact.options ?? []).map(({ id }) => id);
  if (fact.kind === "switch") return value !== true;
  if (fact.kind === "number") return value === 0 ? 1 : 0;
  return options[(options.indexOf(String(value)) + 1) % Math.max(1, options.length)] ?? "";
}
