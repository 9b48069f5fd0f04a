import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/**
 * A collapsible group. `initial` sets its first state; afterwards only the user changes it, so that revoking the last
 * grant does not close it under the pointer. `forced` opens it temporarily (search). Children are rendered only while open.
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
