import type { Effect } from "../state/workspace.js";
import { text } from "../text/index.js";
import { Tag } from "./ui.js";

/** What a change opens and takes away, in numbers: menu items and operations. */
export function EffectTags({ shown = [], gained = [], hidden = [], lost = [] }: Partial<Omit<Effect, "person">>) {
  const tags = [
    ["gain", "plus", text.why.items, shown],
    ["gain", "plus", text.why.operations, gained],
    ["loss", "minus", text.why.items, hidden],
    ["loss", "minus", text.why.operations, lost],
  ] as const;
  return (
    <>
      {tags
        .filter(([, , , list]) => list.length > 0)
        .map(([tone, icon, words, list], index) => (
          <Tag key={index} tone={tone} icon={icon}>
            {words(list.length)}
          </Tag>
        ))}
    </>
  );
}
