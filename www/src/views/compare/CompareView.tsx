import { useState } from "preact/hooks";
import { CopyLink } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { saveFile } from "../../parts/files.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Check, Empty, Mark, Segmented, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { csv } from "../../state/csv.js";
import { newRole, rolesIn } from "../../state/roles.js";
import { text } from "../../text/index.js";
import { type Row, type Side, rowsOf, sidesOf } from "./sides.js";
import { Versions } from "./Versions.js";
import { AnswerTitle, ViewTitle } from "../../parts/titles.js";
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
      <Top tabs={[text.compare.title, sides ? text.compare.alone(sides.left.name) : text.versions.people]}>
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
          <Button icon="downl" onClick={save}>
            {text.matrix.export}
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
                left={sides.left}
                right={sides.right}
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

function Table({ rows, left, right, head }: { rows: readonly Row[]; left: Side; right: Side; head: string }) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return <p class="pad dim">{text.compare.equal}</p>;
  const shown = all ? rows : rows.slice(0, 150);
  return (
    <table class="dense" data-compare>
      <thead class="sticky">
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{left.name}</th>
          <th scope="col">{right.name}</th>
          <th scope="col" class="hide-p">
            {text.compare.difference}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((row, index) => (
          <>
            {row.group !== "" && row.group !== shown[index - 1]?.group && (
              <tr class="g" key={`g ${row.group}`}>
                <th colSpan={4} scope="colgroup">
                  {row.group}
                </th>
              </tr>
            )}
            <tr key={row.key} data-compared={row.key}>
              <td>{row.label}</td>
              <td>{row.left}</td>
              <td>{row.right}</td>
              <td class="hide-p">
                {row.differs && (
                  <span class={`flex ${row.more > 0 ? "gain" : row.more < 0 ? "loss" : "warn"}`}>
                    <Mark
                      tone={row.more > 0 ? "gain" : row.more < 0 ? "loss" : "warn"}
                      icon={row.more > 0 ? "plus" : row.more < 0 ? "minus" : "tilde"}
                    />
                    {row.more > 0
                      ? text.compare.hasMore(right.name)
                      : row.more < 0
                        ? row.missing
                          ? text.compare.lacks(right.name)
                          : text.compare.hasLess(right.name)
                        : text.compare.isOther}
                  </span>
                )}
              </td>
            </tr>
          </>
        ))}
        {rows.length > shown.length && (
          <tr>
            <td colSpan={4}>
              <Button kind="sm" onClick={() => setAll(true)}>
                {text.why.more(rows.length - shown.length)}
              </Button>
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** What only one of the two opens. */
function Alone({ left, right, mode }: { left: Side; right: Side; mode: string }) {
  const { model, content, commit, ask } = useApp();
  const { gained, lost } = left.session.diff(right.session);
  const sections = [...new Set(model.described.operations.map(({ section }) => section))]
    .map((section) => {
      const all = model.allowable.filter((it) => it.section === section);
      return {
        section,
        all: all.length,
        count: all.filter(({ id }) => (gained as readonly string[]).includes(id)).length,
      };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const copy = () => {
    const role = rolesIn(model, content).find(({ id }) => id === left.id);
    if (!role) return;
    const draft = newRole(model, content, text.roles.copyName(role.name), role.grants, role.id);
    if (commit({ ...content, roles: [...content.roles, draft] }, text.roles.did.create(draft.name)))
      ask({ view: "roles", role: draft.id });
  };
  return (
    <Pane place={3} label={text.compare.alone(left.name)}>
      <div class="pad stack">
        <AnswerTitle>{text.compare.alone(left.name)}</AnswerTitle>
        {lost.length === 0 && <p class="dim">{text.compare.none}</p>}
        <ul class="plainlist s">
          {lost.slice(0, 20).map((id) => (
            <li key={id} class="flex">
              <Mark tone="loss" icon="minus" /> {model.label(id)}
            </li>
          ))}
          {lost.length > 20 && <li class="dim">{text.why.more(lost.length - 20)}</li>}
        </ul>
        {mode === "roles" && lost.length > 0 && (
          <Verdict tone="hm">{text.compare.replacing(left.name, right.name, lost.length)}</Verdict>
        )}
        {mode === "roles" && (
          <span>
            <Button icon="copy" onClick={copy}>
              {text.compare.copyRole(left.name)}
            </Button>
          </span>
        )}
        <h3>{text.compare.alone(right.name)}</h3>
        {sections.length === 0 ? (
          <Empty title={text.compare.none} />
        ) : (
          <ul class="bars s">
            {sections.map(({ section, count, all }) => (
              <li key={section}>
                <span class="cut" title={section}>
                  {section}
                </span>
                <span class="bar" aria-hidden="true">
                  <i style={{ width: `${(100 * count) / all}%` }} />
                </span>
                <span class="num">{text.grants.of(count, all)}</span>
              </li>
            ))}
          </ul>
        )}
        {gained.length > 0 && gained.length <= 12 && (
          <ul class="plainlist s">
            {gained.map((id) => (
              <li key={id} class="flex">
                <Mark tone="gain" icon="plus" /> {model.label(id)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Pane>
  );
}
