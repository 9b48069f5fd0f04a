import { useState } from "preact/hooks";
import { CopyLink, UndoRedo } from "../../parts/Acts.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Empty, SearchField, LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { matches } from "../../state/find.js";
import { type RoleInfo, newRole, roleSession, rolesIn } from "../../state/roles.js";
import { holdersOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useHolderCounts } from "./holders.js";
import { RolePane } from "./RolePane.js";
import { WhichRoles } from "./WhichRoles.js";
import { ViewTitle, focusTitle } from "../../parts/titles.js";

/** Roles: what each holds and opens, which roles open something, and an editor. */
export function RolesView() {
  const { model, content, question, ask, commit } = useApp();
  const counts = useHolderCounts();
  const [filter, setFilter] = useState("");
  const roles = rolesIn(model, content);
  const widest = [...roles].sort(
    (a, b) =>
      Number(b.kind === "made") - Number(a.kind === "made") ||
      roleSession(model, content, b).allowed().length - roleSession(model, content, a).allowed().length,
  );
  const shown = widest.filter(({ name, id }) => matches(`${name} ${id}`, filter));
  const chosen =
    roles.find(({ id }) => id === question.role) ??
    roles.find(({ id }) => holdersOf(model, content, id).some((it) => it.id === question.who)) ??
    widest[0];
  const drafts = roles.filter(({ kind }) => kind !== "policy").length;
  const create = (base?: RoleInfo) => {
    const name = base ? text.roles.copyName(base.name) : text.roles.newName;
    const draft = newRole(model, content, name, base?.grants ?? ({} as never), base?.id);
    if (commit({ ...content, roles: [...content.roles, draft] }, text.roles.did.create(name)))
      ask({ role: draft.id, pane: "menu" });
    focusTitle("role");
  };
  return (
    <>
      <Top tabs={[text.views.roles, chosen?.name ?? text.roles.name, text.roles.opens]}>
        <ViewTitle>{text.views.roles}</ViewTitle>
        <span class="s mute hide-p">{text.roles.count(roles.length, drafts)}</span>
        <span class="grow" />
        <UndoRedo />
        <span class="sep hide-p" />
        {roles.length > 1 && (
          <Button
            kind="quiet"
            class="hide-p"
            icon="columns"
            onClick={() =>
              ask({
                view: "compare",
                mode: "roles",
                left: chosen?.id ?? "",
                right: widest.find((it) => it !== chosen)?.id ?? "",
              })
            }
          >
            {text.shell.compare}
          </Button>
        )}
        <CopyLink />
        <Button icon="plus" onClick={() => create()}>
          {text.roles.create}
        </Button>
      </Top>
      {chosen ? (
        <Panes columns="roles">
          <Pane
            place={1}
            label={text.views.roles}
            head={<SearchField label={text.roles.filter} value={filter} onSearch={setFilter} />}
            foot={roles.some(({ inferred }) => inferred) ? <span class="s dim">{text.roles.inferred}</span> : undefined}
          >
            {shown.map((role) => (
              <button
                type="button"
                key={role.id}
                class={`ritem ${role === chosen ? "sel" : ""}`}
                aria-current={role === chosen ? "true" : undefined}
                data-row
                data-role={role.id}
                onClick={() => ask({ role: role.id, pane: "menu" })}
              >
                <b>{role.name}</b>
                <span class="r">
                  {role.kind !== "policy" && (
                    <Tag tone="dash">{role.kind === "made" ? text.roles.draft : text.roles.changed}</Tag>
                  )}
                </span>
                <span class="s mute">
                  {text.roles.holdsOpens(
                    Object.keys(role.grants).length,
                    roleSession(model, content, role).allowed().length,
                  )}
                </span>
                <span class="r s mute">{text.roles.people(counts(role.id).here + counts(role.id).imported)}</span>
              </button>
            ))}
            {shown.length === 0 && <p class="pad">{text.search.none(filter)}</p>}
            <div class="pad">
              <Empty title={text.roles.missing}>
                <p class="s dim">{text.roles.missingHelp}</p>
                <LinkButton onClick={() => create(chosen)}>{text.roles.copy(chosen.name)}</LinkButton>
              </Empty>
            </div>
          </Pane>
          <RolePane key={chosen.id} role={chosen} onCopy={() => create(chosen)} />
          <WhichRoles />
        </Panes>
      ) : (
        <div class="pad">
          <Empty title={text.roles.none}>
            <p class="s dim">{text.roles.noneHelp}</p>
            <span>
              <Button kind="primary" icon="plus" onClick={() => create()}>
                {text.roles.create}
              </Button>
            </span>
          </Empty>
        </div>
      )}
    </>
  );
}
