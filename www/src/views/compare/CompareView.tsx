import { CopyLink } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { saveFile } from "../../parts/files.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Check, Segmented } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { csv } from "../../state/csv.js";
import { rolesIn } from "../../state/roles.js";
import { text } from "../../text/index.js";
import { Alone } from "./Alone.js";
import { type Side, rowsOf, sidesOf } from "./sides.js";
import { Table } from "./Table.js";
import { Versions } from "./Versions.js";
import { ViewTitle } from "../../parts/titles.js";
import { Tabs } from "../../parts/Tabs.js";
import { compareModes } from "../../state/types.js";

const tabs = ["holds", "opens", "menu"] as const;

/** Two people, two roles, one person before and after, or two versions of the policy. */
export function CompareView() {
  const app = useApp();
  const { question, ask, model, content, workspace } = app;
  const { mode } = question;
  const hasRoles = rolesIn(model, content).length > 1;
  const modes = compareModes
    .filter((id) => id !== "roles" || hasRoles)
    .map((id) => ({ id, label: text.compare.modes[id] }));
  const roles = rolesIn(model, content);
  const choices =
    mode === "roles"
      ? roles.map(({ id, name }) => ({ id, label: name }))
      : content.people.map(({ id, name }) => ({ id, label: name }));
  const known = (id: string, fallback: number) =>
    choices.some((it) => it.id === id) ? id : (choices[fallback]?.id ?? choices[0]?.id ?? "");
  const [left, right] = [known(question.left, 0), known(question.right, 1)];
  const sides = mode === "versions" ? undefined : sidesOf(app, mode, left, right);
  const change = (next: typeof mode) =>
    ask({
      mode: next,
      ...(next === "people" || next === "time"
        ? { left: question.who, right: content.people.find(({ id }) => id !== question.who)?.id ?? "" }
        : { left: "", right: "" }),
    });
  const tab = tabs.find((id) => id === question.tab) ?? "holds";
  const rows = sides && {
    holds: rowsOf(app, sides, "holds"),
    opens: rowsOf(app, sides, "opens"),
    menu: rowsOf(app, sides, "menu"),
  };
  const save = () => {
    if (!rows || !sides) return;
    const shown = tabs.flatMap((id) =>
      rows[id].map((row) => [
        text.compare.tabs[id],
        row.label,
        row.left,
        row.right,
        row.differs ? text.compare.isOther : "",
      ]),
    );
    saveFile(
      csv([["", text.compare.privilege, sides.left.name, sides.right.name, text.compare.difference], ...shown]),
      `${workspace.id}-compare.csv`,
    );
  };
  return (
    <>
      <Top tabs={[text.compare.title, sides ? text.compare.only(sides.left.name) : text.versions.people]}>
        <ViewTitle>{text.compare.title}</ViewTitle>
        {sides && (
          <>
            <Choice label={text.compare.left} value={left} items={choices} onChange={(id) => ask({ left: id })} />
            {mode !== "time" && (
              <>
                <span class="dim">{text.compare.with}</span>
                <Choice
                  label={text.compare.right}
                  value={right}
                  items={choices}
                  onChange={(id) => ask({ right: id })}
                />
              </>
            )}
          </>
        )}
        <span class="grow" />
        <Segmented label={text.compare.title} options={modes} value={mode} onChange={change} />
        <CopyLink />
        {sides && (
          <Button icon="downl" onClick={save} aria-label={text.matrix.export}>
            <span class="hide-p">{text.matrix.export}</span>
          </Button>
        )}
      </Top>
      {!sides || !rows ? (
        <Versions />
      ) : (
        <Panes columns="two">
          <Pane
            place={2}
            label={text.compare.title}
            head={<Summary left={sides.left} right={sides.right} mode={mode} />}
          >
            <Tabs
              label={text.compare.tabsLabel}
              panel="compare-panel"
              tabs={tabs.map((id) => ({
                id,
                label: text.compare.tabs[id],
                count: text.compare.differ(rows[id].filter(({ differs }) => differs).length),
              }))}
              value={tab}
              onChange={(tab) => ask({ tab })}
              more={
                <Check
                  label={text.compare.different}
                  on={!question.everything}
                  onChange={(on) => ask({ everything: !on })}
                />
              }
            >
              <Table
                rows={rows[tab].filter(({ differs }) => question.everything || differs)}
                left={sides.left.name}
                right={sides.right.name}
                head={
                  tab === "holds"
                    ? text.compare.privilege
                    : tab === "opens"
                      ? text.compare.operation
                      : text.compare.item
                }
              />
            </Tabs>
          </Pane>
          <Alone left={sides.left} right={sides.right} mode={mode} />
        </Panes>
      )}
    </>
  );
}

function Summary({ left, right, mode }: { left: Side; right: Side; mode: string }) {
  const { person } = useApp();
  const { gained, lost } = left.session.diff(right.session);
  const both = left.session.allowed().length - lost.length;
  if (mode === "time" && gained.length + lost.length === 0)
    return <p data-summary>{text.compare.same(left.person?.name ?? person.name)}</p>;
  const width = (count: number) => ({ flex: `${Math.max(1, count)} 1 120px` });
  return (
    <>
      <p data-summary>{text.compare.summary(right.name, gained.length, left.name, lost.length, both)}</p>
      <div class="venn" aria-hidden="true">
        {lost.length > 0 && (
          <span class="lostpart" style={width(lost.length)}>
            {lost.length} {text.compare.only(left.name)}
          </span>
        )}
        <span class="bothpart" style={width(both)}>
          {both} {text.compare.both}
        </span>
        {gained.length > 0 && (
          <span class="gainpart" style={width(gained.length)}>
            {gained.length} {text.compare.only(right.name)}
          </span>
        )}
      </div>
    </>
  );
}
