import type { Session } from "privet";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { CopyLink } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { saveFile } from "../../parts/files.js";
import { Icon } from "../../parts/Icon.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Check, SearchField, Segmented } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { csv } from "../../state/csv.js";
import { matches } from "../../state/find.js";
import type { OperationInfo } from "../../state/model.js";
import { roleSession, rolesIn } from "../../state/roles.js";
import { sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { usePeople } from "../import/people.js";
import { Groups } from "./Groups.js";
import { HeatMap } from "./HeatMap.js";
import { ViewTitle } from "../../parts/titles.js";
import { itemOf } from "../../state/model.js";
import { matrixModes } from "../../state/types.js";

interface Column {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly session: Session;
  readonly isDraft: boolean;
  /** What the draft was made from: cells that it adds are marked. */
  readonly before?: Session | undefined;
}

/** The most people who have a column of their own. */
const PEOPLE = 50;

/** Who can do what: roles or people in columns, or everybody imported as a heat map; groups of identical access beside it. */
export function MatrixView() {
  const { model, content, question, ask, workspace, notify } = useApp();
  const imported = usePeople();
  const [filter, setFilter] = useState("");
  const [section, setSection] = useState("");
  const [differ, setDiffer] = useState(false);
  const operations = model.allowable;
  const sections = [...new Set(operations.map((it) => it.section))];
  const hasRoles = model.described.roles.length + content.roles.length > 0;
  const mode = question.matrix === "roles" && !hasRoles ? "people" : question.matrix;
  const columns = useMemo((): Column[] => {
    if (mode === "people")
      return content.people.slice(0, PEOPLE).map((person) => ({
        id: person.id,
        name: person.name,
        note: "",
        session: sessionOf(model, content, person),
        isDraft: false,
      }));
    const roles = rolesIn(model, content);
    return roles
      .map((role): Column => {
        const session = roleSession(model, content, role);
        const base =
          role.kind === "changed"
            ? { ...role, kind: "policy" as const, grants: model.roles.get(role.id)?.grants ?? role.grants }
            : roles.find(({ id }) => id === role.base);
        return {
          id: role.id,
          name: role.name,
          note: String(session.allowed().length),
          session,
          isDraft: role.kind !== "policy",
          before: role.kind !== "policy" && base ? roleSession(model, content, base) : undefined,
        };
      })
      .sort((a, b) => b.session.allowed().length - a.session.allowed().length);
  }, [model, content, mode]);
  const shown = operations.filter(
    (it) =>
      (section === "" || it.section === section) &&
      matches(
        `${it.label} ${it.section} ${it.menu
          .flat()
          .map(({ label }) => label)
          .join(" ")}`,
        filter,
      ) &&
      (!differ || new Set(columns.map(({ session }) => session.decide(it.id).decision)).size > 1),
  );
  const save = () => {
    if (mode === "groups")
      return void imported.client?.export("everything", workspace.groups).then(
        (blob) => saveFile(blob, `${workspace.id}-access.csv`),
        (error: Error) => notify({ words: error.message, tone: "loss" }),
      );
    const words = { allowed: text.compare.can, denied: "", undecided: text.values.unknown };
    const rows = shown.map((it) => [
      it.section,
      it.label,
      ...columns.map(({ session }) => words[session.decide(it.id).decision]),
    ]);
    saveFile(
      csv([[text.reports.section, text.matrix.operation, ...columns.map(({ name }) => name)], ...rows]),
      `${workspace.id}-${mode}.csv`,
    );
  };
  return (
    <>
      <Top tabs={[text.matrix.title, text.matrix.identical]}>
        <ViewTitle>{text.matrix.title}</ViewTitle>
        <Segmented
          label={text.matrix.title}
          options={matrixModes
            .filter((id) => id !== "roles" || hasRoles)
            .map((id) => ({ id, label: text.matrix.modes[id] }))}
          value={mode}
          onChange={(matrix) => ask({ matrix })}
        />
        {mode !== "groups" && (
          <span class="flex grow">
            <span class="grow">
              <SearchField label={text.matrix.filter} value={filter} onSearch={setFilter} />
            </span>
            <span class="hide-p">
              <Choice
                label={text.matrix.section}
                value={section}
                items={[{ id: "", label: text.matrix.allSections }, ...sections.map((id) => ({ id, label: id }))]}
                onChange={setSection}
              />
            </span>
            <span class="hide-p">
              <Check label={text.matrix.differ} on={differ} onChange={setDiffer} />
            </span>
          </span>
        )}
        <span class={mode === "groups" ? "grow" : ""} />
        <CopyLink />
        <Button icon="downl" onClick={save}>
          {text.matrix.export}
        </Button>
      </Top>
      <Panes columns="matrix">
        {mode === "groups" ? (
          <Pane place={2} label={text.matrix.modes.groups}>
            <HeatMap imported={imported} />
          </Pane>
        ) : (
          <Table columns={columns} operations={shown} mode={mode} search={filter !== "" || section !== ""} />
        )}
        <Groups imported={imported} />
      </Panes>
    </>
  );
}

/** Sections that are open, by workspace. */
const opened = new Map<string, ReadonlySet<string>>();

function Table({
  columns,
  operations,
  mode,
  search,
}: {
  columns: readonly Column[];
  operations: readonly OperationInfo[];
  mode: string;
  search: boolean;
}) {
  const { model, question, ask, workspace } = useApp();
  const [sections, setSections] = useState<ReadonlySet<string>>(
    opened.get(workspace.id) ?? new Set([model.operations.get(question.op)?.section ?? operations[0]?.section ?? ""]),
  );
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const names = [...new Set(operations.map(({ section }) => section))];
  const rows = names.flatMap((section) => [
    { section, operation: undefined as OperationInfo | undefined },
    ...(sections.has(section) || search
      ? operations
          .filter((it) => it.section === section)
          .map((operation) => ({ section, operation: operation as OperationInfo | undefined }))
      : []),
  ]);
  const toggle = (section: string) => {
    const next = new Set(sections);
    if (!next.delete(section)) next.add(section);
    opened.set(workspace.id, next);
    setSections(next);
  };
  useEffect(() => {
    table.current?.querySelector<HTMLElement>("tr.q")?.scrollIntoView({ block: "nearest" });
  }, [question.op]);
  const choose = (row: number, column: number) => {
    const { operation, section } = rows[row] ?? {};
    if (!operation) return section !== undefined && toggle(section);
    const it = columns[column - 1];
    const item = itemOf(operation);
    if (column === 0 || !it) return ask({ op: operation.id, item });
    if (mode === "people") return ask({ view: "person", who: it.id, op: operation.id, item, pane: "why" });
    ask({ view: "roles", role: it.id, op: operation.id, item, pane: "why" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = (row: number, column: number) => {
      const next = {
        row: Math.max(0, Math.min(rows.length - 1, row)),
        column: Math.max(0, Math.min(columns.length, column)),
      };
      setAt(next);
      table.current?.querySelector<HTMLElement>(`[data-at="${next.row},${next.column}"]`)?.focus();
    };
    const { row, column } = at;
    const { section = "", operation } = rows[row] ?? {};
    const isTitle = operation === undefined && column === 0;
    const moves: { [key: string]: () => void } = {
      ArrowDown: () => move(row + 1, column),
      j: () => move(row + 1, column),
      ArrowUp: () => move(row - 1, column),
      k: () => move(row - 1, column),
      ArrowRight: () => (isTitle && !sections.has(section) ? toggle(section) : move(row, column + 1)),
      ArrowLeft: () => (isTitle && sections.has(section) ? toggle(section) : move(row, column - 1)),
      Home: () => move(row, 0),
      End: () => move(row, columns.length),
      Enter: () => choose(row, column),
      " ": () => choose(row, column),
    };
    if (!moves[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]?.();
  };
  const focusable = (row: number, column: number) => ({
    "data-at": `${row},${column}`,
    tabIndex: at.row === row && at.column === column ? 0 : -1,
    onFocus: () => setAt({ row, column }),
  });
  return (
    <Pane
      place={2}
      label={text.matrix.title}
      kind="mxpane"
      foot={
        <div class="legend">
          <span>
            <i class="cell y">
              <Icon name="check" />
            </i>{" "}
            {text.matrix.legend.can}
          </span>
          {columns.some(({ isDraft }) => isDraft) && (
            <span>
              <i class="cell new">
                <Icon name="check" />
              </i>{" "}
              {text.matrix.legend.new}
            </span>
          )}
          <span>
            <i class="cell u">?</i> {text.matrix.legend.unknown}
          </span>
          <span>
            <i class="cell n" /> {text.matrix.legend.cannot}
          </span>
        </div>
      }
    >
      {operations.length === 0 && <p class="pad">{text.matrix.none}</p>}
      <div class="mx">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA grid pattern: a table whose cells the arrow keys move through */}
        <table class="m" role="grid" aria-label={text.matrix.title} ref={table} onKeyDown={onKeyDown} data-matrix>
          <thead>
            <tr>
              <th scope="col">{text.matrix.operation}</th>
              {columns.map(({ id, name, note, isDraft }) => (
                <th scope="col" key={id} class={isDraft ? "col" : ""}>
                  {name}
                  <small>{isDraft ? text.matrix.draft(Number(note)) : note}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ section, operation }, row) =>
              operation ? (
                <tr key={operation.id} class={operation.id === question.op ? "q" : ""} data-operation={operation.id}>
                  <th scope="row" {...focusable(row, 0)} onClick={() => choose(row, 0)}>
                    <span>{operation.label}</span>
                  </th>
                  {columns.map((column, index) => (
                    <Cell
                      key={column.id}
                      column={column}
                      operation={operation}
                      more={focusable(row, index + 1)}
                      onChoose={() => choose(row, index + 1)}
                    />
                  ))}
                </tr>
              ) : (
                <tr key={section} class="g">
                  <th
                    scope="rowgroup"
                    {...focusable(row, 0)}
                    aria-expanded={sections.has(section) || search}
                    onClick={() => toggle(section)}
                    data-section={section}
                  >
                    <span class="flex">
                      <Icon name={sections.has(section) || search ? "down" : "right"} />
                      <b class="grow">{section}</b>
                      <span class="count">{operations.filter((it) => it.section === section).length}</span>
                    </span>
                  </th>
                  {columns.map(({ id, session, isDraft }, index) => (
                    <td key={id} class={isDraft ? "col" : ""} {...focusable(row, index + 1)}>
                      <Share session={session} operations={operations.filter((it) => it.section === section)} />
                    </td>
                  ))}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </Pane>
  );
}

function Share({ session, operations }: { session: Session; operations: readonly OperationInfo[] }) {
  const count = operations.filter(({ id }) => session.can(id)).length;
  if (count === 0) return <>–</>;
  return (
    <span class="frac">
      {count}
      <span class="bar">
        <i style={{ width: `${(100 * count) / operations.length}%` }} />
      </span>
    </span>
  );
}

function Cell({
  column,
  operation,
  more,
  onChoose,
}: {
  column: Column;
  operation: OperationInfo;
  more: object;
  onChoose: () => void;
}) {
  const { decision } = column.session.decide(operation.id);
  const isNew = decision === "allowed" && column.before !== undefined && !column.before.can(operation.id);
  const words = isNew
    ? text.matrix.legend.new
    : { allowed: text.matrix.legend.can, denied: text.matrix.legend.cannot, undecided: text.matrix.legend.unknown }[
        decision
      ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles Enter for its cells
    <td
      class={column.isDraft ? "col" : ""}
      aria-label={text.matrix.cell(column.name, operation.label, words)}
      data-state={isNew ? "new" : decision}
      {...more}
      onClick={onChoose}
    >
      <i class={`cell ${isNew ? "new" : { allowed: "y", denied: "n", undecided: "u" }[decision]}`} aria-hidden="true">
        {decision === "allowed" ? <Icon name="check" /> : decision === "undecided" ? "?" : null}
      </i>
    </td>
  );
}
