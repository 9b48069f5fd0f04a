import type { Session } from "privet";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { Pane } from "../../parts/Panes.js";
import { useApp } from "../../state/app.js";
import { type OperationInfo, itemOf } from "../../state/model.js";
import { text } from "../../text/index.js";
import type { Column } from "./columns.js";

/** Sections that are open, by workspace. */
const opened = new Map<string, ReadonlySet<string>>();

/** Operations in rows, by section; arrow keys move through the cells. */
export function Table({
  columns,
  operations,
  search,
  head,
  onOpen,
}: {
  columns: readonly Column[];
  operations: readonly OperationInfo[];
  /** Whether all sections are open, because operations are searched. */
  search: boolean;
  /** Stands above the table. */
  head: ComponentChildren;
  onOpen: (column: Column, operation: string, item: string) => void;
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
    onOpen(it, operation.id, item);
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
      head={head}
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
