import type { Session } from "privet";
import { useMemo } from "preact/hooks";
import { afterDrawing } from "../../parts/focus.js";
import { Icon } from "../../parts/Icon.js";
import { focusTitle } from "../../parts/titles.js";
import { Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { difference, sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";

/** What the person may do with the change that is previewed, else now. */
export function usePreviewed(): Session {
  const { session, peeked, person, model } = useApp();
  return useMemo(
    () =>
      peeked
        ? sessionOf(model, peeked.content, peeked.content.people.find(({ id }) => id === person.id) ?? person)
        : session,
    [session, peeked, person],
  );
}

/** The change that is previewed, with the acts that apply and end it. */
export function Previewing() {
  const { peeked, peek, commit, session, person, say } = useApp();
  const now = usePreviewed();
  if (!peeked) return null;
  const apply = () => {
    if (!commit(peeked.content, peeked.title)) return;
    say(text.why.applied(person.name, difference(session, now).shown.length));
    focusTitle("answer");
  };
  const stop = () => {
    peek(undefined);
    afterDrawing(() => document.querySelector<HTMLElement>("[data-preview]"));
  };
  return (
    <div class="flex previewing" data-previewing>
      <Icon name="eye" />
      <span class="grow">{text.menu.previewing(peeked.title)}</span>
      <Button kind="sm primary" onClick={apply}>
        {text.menu.apply}
      </Button>
      <Button kind="sm" onClick={stop}>
        {text.menu.stop}
      </Button>
    </div>
  );
}
