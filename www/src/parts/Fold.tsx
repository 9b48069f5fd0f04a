import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/**
 * A group that opens and closes. It begins open or not, and is then the user's alone: taking the last grant away does not
 * close it under the pointer. A search forces it open and leaves it afterwards as it was. What is closed is not made.
 */
export function Fold({
  initial,
  forced = false,
  kind = "",
  summary,
  children,
}: {
  initial: boolean;
  forced?: boolean;
  kind?: string;
  summary: ComponentChildren;
  children: () => ComponentChildren;
}) {
  const [isOpen, setOpen] = useState(initial);
  return (
    <details
      class={`group ${kind}`}
      open={forced || isOpen}
      onToggle={(event) => !forced && setOpen(event.currentTarget.open)}
    >
      <summary>{summary}</summary>
      {(forced || isOpen) && children()}
    </details>
  );
}
