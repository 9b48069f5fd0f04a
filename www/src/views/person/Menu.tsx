import { useMemo } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { Pane } from "../../parts/Panes.js";
import { Segmented } from "../../parts/ui.js";
import { useApp, useLate } from "../../state/app.js";
import { difference, menuItems } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useFixes } from "./answers.js";
import { MenuTree } from "./MenuTree.js";
import { useMenuNews } from "./news.js";
import { SavePoint } from "./SavePoint.js";
import { Previewing, usePreviewed } from "./Previewing.js";
import { Heading } from "../../parts/titles.js";

/** The person's menu, with what a change adds and removes while one is previewed. */
export function Menu() {
  const { question, session, before, peeked, person, ask, model } = useApp();
  const now = usePreviewed();
  const { fixes } = useFixes(useLate(session, model));
  const first = fixes?.fixes[0];
  const next = useMemo(
    () => (first && !peeked ? new Set<string>(first.sideEffects.menu.shown) : new Set<string>()),
    [first, peeked],
  );
  const marks = useMemo(() => difference(peeked ? session : before, now), [session, before, now, peeked]);
  useMenuNews();
  const all = menuItems(session);
  const shown = all.filter((item) => item.state === "shown").length;
  const isEmpty = question.exact && menuItems(now).every(({ state }) => state !== "shown");
  return (
    <Pane
      place={2}
      label={text.panes.menu}
      id="pane-menu"
      head={
        <>
          <Heading count={text.menu.count(shown, all.length)}>{text.menu.title(person.name)}</Heading>
          <div class="flex">
            <Segmented
              label={text.menu.tree}
              options={[
                { id: "all", label: text.menu.all },
                { id: "exact", label: text.menu.exact(person.pronoun) },
              ]}
              value={question.exact ? "exact" : "all"}
              onChange={(mode) => ask({ exact: mode === "exact" })}
            />
            <span class="grow" />
            {next.size > 0 && (
              <span class="s gain flex">
                <Icon name="plus" /> {text.menu.with(next.size)}
              </span>
            )}
          </div>
          <Previewing />
        </>
      }
      foot={<SavePoint />}
    >
      {isEmpty ? (
        <p class="pad dim">{text.menu.empty(person.name)}</p>
      ) : (
        <MenuTree key={person.id} items={now.menu()} marks={marks} next={next} isPreview={peeked !== undefined} />
      )}
    </Pane>
  );
}
