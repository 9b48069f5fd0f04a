import type { MenuItem, Session } from "privet";
import { Badge, Glyph, PersonSelect, Scrollable, Segmented } from "../parts/ui.js";
import { useApp } from "../state/app.js";
import type { App } from "../state/app.js";
import { isShared } from "../state/model.js";
import { between, menuItems, formatValue } from "../state/format.js";
import { text } from "../text.js";

interface Side {
  readonly name: string;
  readonly session: Session;
  readonly subject: App["person"]["subject"];
}

/** Compares two people, or one person before and after the save point. */
export function Compare() {
  const { state, model, person, go } = useApp();
  const names = state.people.map(({ name }) => name);
  const side = (list: App["state"]["people"], row: number, name?: string): Side => {
    const it = list[row] ?? person;
    return { name: name ?? it.name, subject: it.subject, session: model.session(it.subject) };
  };
  const left = state.time
    ? side(state.saved, state.left, text.compare.before(names[state.left] ?? ""))
    : side(state.people, state.left);
  const right = state.time
    ? side(state.people, state.left, text.compare.after(names[state.left] ?? ""))
    : side(state.people, state.right);
  const { gained, lost } = left.session.diff(right.session);
  return (
    <div class="stack">
      <section class="panel toolbar" aria-label={text.compare.title}>
        <h2>{text.compare.title}</h2>
        <Segmented
          label={text.compare.mode}
          options={[
            { id: "people", label: text.compare.people },
            { id: "time", label: text.compare.time },
          ]}
          value={state.time ? "time" : "people"}
          onChange={(mode) => go({ time: mode === "time" })}
        />
        <PersonSelect
          label={state.time ? text.people.title : text.compare.left}
          row={state.left}
          names={names}
          onChange={(row) => go({ left: row })}
        />
        {!state.time && (
          <PersonSelect
            label={text.compare.right}
            row={state.right}
            names={names}
            onChange={(row) => go({ right: row })}
          />
        )}
        <label class="check">
          <input type="checkbox" checked={state.everything} onChange={() => go({ everything: !state.everything })} />
          <span>{text.compare.all}</span>
        </label>
        <p class="whole" role="status" data-summary>
          {text.compare.summary(left.name, right.name, gained.length, lost.length)}
        </p>
      </section>
      <Held left={left} right={right} />
      <Seen left={left} right={right} />
      <May left={left} right={right} />
    </div>
  );
}

interface Pair {
  readonly left: Side;
  readonly right: Side;
}

interface Row {
  readonly key: string;
  readonly cells: readonly preact.ComponentChildren[];
  readonly differs: boolean;
}

function Table({ title, head, rows, left, right }: Pair & { title: string; head: string; rows: readonly Row[] }) {
  const { state } = useApp();
  const some = rows.filter(({ differs }) => state.everything || differs);
  return (
    <section class="panel">
      <h2>{title}</h2>
      {some.length === 0 ? (
        <p class="dim">{text.compare.equal}</p>
      ) : (
        <Scrollable label={title}>
          <table class="compare">
            <thead>
              <tr>
                <th scope="col">{head}</th>
                <th scope="col">{left.name}</th>
                <th scope="col">{right.name}</th>
              </tr>
            </thead>
            <tbody>
              {some.map(({ key, cells: [what, ...sides], differs }) => (
                <tr key={key} class={differs ? "differs" : ""}>
                  <th scope="row">{what}</th>
                  {sides.map((cell, index) => (
                    <td key={index}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrollable>
      )}
    </section>
  );
}

function Held({ left, right }: Pair) {
  const { model } = useApp();
  const facts = between({ facts: left.subject.facts ?? {} }, { facts: right.subject.facts ?? {} }).facts ?? {};
  const held = ({ session }: Side, id: string) => {
    const { granted, effective } = session.holds(id);
    if (granted === "undecided") return <Badge tone="warn">{text.privileges.undecided}</Badge>;
    const isDormant = granted !== undefined && effective === undefined;
    return (
      <>
        {formatValue(model, id, granted)} {isDormant && <Badge tone="warn">{text.privileges.noEffect}</Badge>}
      </>
    );
  };
  const same = (id: string) => JSON.stringify(left.session.holds(id)) === JSON.stringify(right.session.holds(id));
  const role = ({ subject }: Side, id: string) =>
    subject.roles?.includes(id) ? text.values.granted : text.values.none;
  const rows: Row[] = [
    ...model.described.roles.map(({ id, label }) => ({
      key: id,
      cells: [label, role(left, id), role(right, id)],
      differs: role(left, id) !== role(right, id),
    })),
    ...model.described.facts.map(({ id, label }) => ({
      key: id,
      differs: id in facts,
      cells: [
        <>
          {label} <Badge tone="fact">{isShared(model.facts.get(id)) ? text.facts.system1 : text.facts.own1}</Badge>
        </>,
        formatValue(model, id, left.subject.facts?.[id]),
        formatValue(model, id, right.subject.facts?.[id]),
      ],
    })),
    ...model.described.privileges.map(({ id, label }) => ({
      key: id,
      cells: [label, held(left, id), held(right, id)],
      differs: !same(id),
    })),
  ];
  return <Table title={text.compare.held} head={text.compare.privilege} rows={rows} left={left} right={right} />;
}

function Seen({ left, right }: Pair) {
  const { model } = useApp();
  const others = new Map(menuItems(right.session).map((item) => [item.id, item]));
  const cell = (item: MenuItem | undefined) =>
    item && (
      <>
        <Glyph mark={item.state} /> {text.menu.states[item.state]}
        {item.verbs.length > 0 && <span class="dim"> · {item.verbs.map(model.label).join(", ")}</span>}
      </>
    );
  const rows = menuItems(left.session).map((item): Row => {
    const other = others.get(item.id);
    const differs = item.state !== other?.state || item.verbs.join() !== other.verbs.join();
    return { key: item.id, cells: [model.items.get(item.id)?.path.join(" › "), cell(item), cell(other)], differs };
  });
  return <Table title={text.compare.menu} head={text.compare.item} rows={rows} left={left} right={right} />;
}

function May({ left, right }: Pair) {
  const { model } = useApp();
  const words = { allowed: text.compare.yes, denied: text.compare.no, undecided: text.compare.unknown };
  const signs = { allowed: "yes", denied: "no", undecided: "unknown" } as const;
  const cell = ({ session }: Side, id: string) => {
    const { decision, obligations } = session.decide(id);
    const owed = obligations.map(
      (it) => model.operations.get(id)?.obligations.find((one) => one.id === it)?.label ?? it,
    );
    return (
      <>
        <Glyph mark={signs[decision]} /> {words[decision]}
        {owed.length > 0 && <span class="dim"> · {owed.join(", ")}</span>}
      </>
    );
  };
  const rows = model.described.operations
    .filter(({ restricts }) => !restricts)
    .map(({ id, label }): Row => {
      const [one, other] = [left.session.decide(id), right.session.decide(id)];
      return {
        key: id,
        cells: [label, cell(left, id), cell(right, id)],
        differs: JSON.stringify(one) !== JSON.stringify(other),
      };
    });
  return <Table title={text.compare.may} head={text.compare.operation} rows={rows} left={left} right={right} />;
}
