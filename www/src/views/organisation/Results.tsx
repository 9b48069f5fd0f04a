import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Scrollable, Select } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text.js";
import { HeatMap } from "./HeatMap.js";
import { download } from "./client.js";
import type { PeopleClient } from "./client.js";
import type { WhoCan, Resolved } from "./protocol.js";

const tabs = ["map", "who", "dormant", "errors"] as const;
type Tab = (typeof tabs)[number];
/** Groups listed in the table below the heat map. */
const GROUPS = 20;

interface Props {
  readonly client: PeopleClient;
  readonly resolved: Resolved;
}

export function Results({ client, resolved }: Props) {
  const { state, go, model } = useApp();
  const [tab, setTab] = useState<Tab>(state.op ? "who" : "map");
  const list = useRef<HTMLDivElement>(null);
  const { notify } = useApp();
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = (tabs.indexOf(tab) + step + tabs.length) % tabs.length;
    setTab(tabs[next] ?? "map");
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  const save = (what: Parameters<PeopleClient["export"]>[0], name: string) =>
    void client.export(what).then(
      (blob) => download(blob, `${state.policy}-${name}.csv`),
      (error: Error) => notify(error.message),
    );
  const select = (op: string) => {
    go({ op, item: model.operations.get(op)?.menu[0]?.at(-1)?.id ?? "" });
    setTab("who");
  };
  return (
    <section class="panel" aria-label={text.organisation.tabsLabel}>
      <div class="inner-tabs" role="tablist" aria-label={text.organisation.tabsLabel} ref={list} onKeyDown={onKeyDown}>
        {tabs.map((id) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`org-${id}`}
            aria-controls="org-panel"
            aria-selected={id === tab}
            tabIndex={id === tab ? 0 : -1}
            onClick={() => setTab(id)}
          >
            {text.organisation.tabs[id]}
            {id === "errors" && resolved.errorCount > 0 && ` (${resolved.errorCount.toLocaleString("en")})`}
          </button>
        ))}
      </div>
      <div id="org-panel" role="tabpanel" aria-labelledby={`org-${tab}`}>
        {tab === "map" && (
          <>
            <HeatMap resolved={resolved} onChoose={select} />
            <Groups client={client} resolved={resolved} />
            <Button onClick={() => save("everything", "access")}>{text.organisation.export}</Button>
          </>
        )}
        {tab === "who" && <Who client={client} resolved={resolved} onSelect={select} save={save} />}
        {tab === "dormant" && <Dormant resolved={resolved} />}
        {tab === "errors" && <Errors resolved={resolved} save={save} />}
      </div>
    </section>
  );
}

function OpenPerson({ client, row, name }: { client: PeopleClient; row: number; name: string }) {
  const { state, setPeople, notify } = useApp();
  const openIt = () =>
    void client.person(row).then(
      (found) => {
        const people = [...state.people, found];
        setPeople(people, { saved: [...state.saved, found], who: people.length - 1, view: "preview", op: "" });
      },
      (error: Error) => notify(error.message),
    );
  return (
    <button type="button" class="link" aria-label={`${text.organisation.open}: ${name}`} onClick={openIt}>
      {name}
    </button>
  );
}

function Groups({ client, resolved }: Props) {
  const some = resolved.groups.slice(0, GROUPS);
  return (
    <Scrollable label={text.organisation.group}>
      <table data-groups>
        <thead>
          <tr>
            <th scope="col">{text.organisation.group}</th>
            <th scope="col" class="num">
              {text.organisation.people}
            </th>
            <th scope="col" class="num">
              {text.organisation.may}
            </th>
            <th scope="col">{text.organisation.someone}</th>
          </tr>
        </thead>
        <tbody>
          {some.map(({ people, row, name, allowed }, index) => (
            <tr key={row}>
              <th scope="row">{index + 1}</th>
              <td class="num">{people.toLocaleString("en")}</td>
              <td class="num">{allowed.reduce((sum, bit) => sum + bit, 0)}</td>
              <td>
                <OpenPerson client={client} row={row} name={name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {resolved.groupCount > some.length && (
        <p class="dim spaced">{text.organisation.groupsLeft(resolved.groupCount - some.length)}</p>
      )}
    </Scrollable>
  );
}

type Save = (what: Parameters<PeopleClient["export"]>[0], name: string) => void;

function Who({ client, resolved, onSelect, save }: Props & { onSelect: (operation: string) => void; save: Save }) {
  const { state, model, notify } = useApp();
  const operations = model.described.operations.filter(({ restricts }) => !restricts);
  const selected = model.operations.has(state.op ?? "")
    ? (state.op ?? "")
    : (model.items.get(state.item ?? "")?.operations[0]?.id ?? operations[0]?.id ?? "");
  const [listed, setListed] = useState<WhoCan>();
  useEffect(() => {
    if (selected) client.who(selected).then(setListed, (error: Error) => notify(error.message));
  }, [client, selected]);
  const options = operations.map(({ id, label, menu }) => ({
    id,
    label: [...(menu[0] ?? []).map((item) => item.label), label].join(" › "),
  }));
  return (
    <>
      <div class="toolbar">
        <Select label={text.organisation.operation} visible options={options} value={selected} onChange={onSelect} />
      </div>
      {listed?.operation === selected && (
        <>
          <h3 class="spaced" data-who>
            {text.organisation.whoTitle(model.label(selected))}
          </h3>
          <p role="status">
            {text.organisation.can(listed.count, resolved.size)}
            {listed.undecided > 0 && ` · ${text.organisation.undecided(listed.undecided)}`}
          </p>
          {listed.count > listed.first.length && <p class="dim">{text.organisation.listed(listed.first.length)}</p>}
          <ul class="names">
            {listed.first.map(({ row, name }) => (
              <li key={row}>
                <OpenPerson client={client} row={row} name={name} />
              </li>
            ))}
          </ul>
          <Button onClick={() => save({ who: selected }, `who-can-${selected}`)}>{text.organisation.export}</Button>
        </>
      )}
    </>
  );
}

function Dormant({ resolved }: { resolved: Resolved }) {
  const { model } = useApp();
  if (resolved.dormant.length === 0) return <p class="dim">{text.organisation.noDormant}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.organisation.privilegeColumn}</th>
          <th scope="col" class="num">
            {text.organisation.people}
          </th>
        </tr>
      </thead>
      <tbody>
        {resolved.dormant.map(({ privilege, people }) => (
          <tr key={privilege}>
            <th scope="row">{model.label(privilege)}</th>
            <td class="num">{people.toLocaleString("en")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Errors({ resolved, save }: { resolved: Resolved; save: Save }) {
  if (resolved.errorCount === 0) return <p class="dim">{text.organisation.noErrors}</p>;
  return (
    <>
      <p>{text.organisation.errorsHelp}</p>
      <Scrollable label={text.organisation.tabs.errors}>
        <table data-errors>
          <thead>
            <tr>
              <th scope="col" class="num">
                {text.organisation.row}
              </th>
              <th scope="col">{text.organisation.name}</th>
              <th scope="col">{text.organisation.what}</th>
            </tr>
          </thead>
          <tbody>
            {resolved.errors.map(({ at, name, message }) => (
              <tr key={at}>
                <th scope="row" class="num">
                  {at}
                </th>
                <td>{name}</td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {resolved.errorCount > resolved.errors.length && (
        <p class="dim">{text.organisation.listed(resolved.errors.length)}</p>
      )}
      <div class="pair spaced">
        <Button onClick={() => save("errors", "rows-with-errors")}>{text.organisation.exportErrors}</Button>
      </div>
    </>
  );
}
