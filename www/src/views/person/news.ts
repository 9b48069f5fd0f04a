import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../../state/app.js";
import { menuDifference } from "../../state/workspace.js";
import { text } from "../../text/index.js";

/** Says what a change did to the menu: one short sentence. */
export function useMenuNews() {
  const { session, person, model, say } = useApp();
  const last = useRef({ session, who: person.id });
  useEffect(() => {
    const was = last.current;
    last.current = { session, who: person.id };
    if (was.session === session || was.who !== person.id) return;
    const { shown, hidden } = menuDifference(was.session, session);
    say(text.live.menu(person.name, shown.map(model.label), hidden.map(model.label)));
  }, [session, person.id]);
}
