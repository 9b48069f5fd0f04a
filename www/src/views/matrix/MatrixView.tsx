import { useState } from "preact/hooks";
import { CopyLink } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { saveFile } from "../../parts/files.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Check, SearchField, Segmented } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { csv } from "../../state/csv.js";
import { matches } from "../../state/find.js";
import { text } from "../../text/index.js";
import { usePeople } from "../import/people.js";
import { usePeopleColumns, useRoleColumns } from "./columns.js";
import { Groups } from "./Groups.js";
import { HeatMap } from "./HeatMap.js";
import { useOpenPerson } from "./openPerson.js";
import { PeoplePages } from "./PeoplePages.js";
import { Table } from "./Table.js";
import { ViewTitle } from "../../parts/titles.js";
import { matrixModes } from "../../state/types.js";

/** Who can do what: roles or people in columns, or everybody imported as a heat map; groups of identical access beside it. */
export function MatrixView() {
  const { model, content, question, ask, workspace, notify } = useApp();
  const imported = usePeople();
  const openPerson = useOpenPerson(imported);
  const [filter, setFilter] = useState("");
  const [section, setSection] = useState("");
  const [differ, setDiffer] = useState(false);
  const operations = model.allowable;
  const sections = [...new Set(operations.map((it) => it.section))];
  const hasRoles = model.described.roles.length + content.roles.length > 0;
  const mode = question.matrix === "roles" && !hasRoles ? "people" : question.matrix;
  const roles = useRoleColumns();
  const people = usePeopleColumns(imported, mode === "people");
  const columns = mode === "people" ? people.columns : roles;
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
          <span class="flex grow filter">
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
        <Button icon="downl" onClick={save} aria-label={text.matrix.export}>
          <span class="hide-p">{text.matrix.export}</span>
        </Button>
      </Top>
      <Panes columns="matrix">
        {mode === "groups" ? (
          <Pane place={2} label={text.matrix.modes.groups}>
            <HeatMap imported={imported} />
          </Pane>
        ) : (
          <Table
            columns={columns}
            operations={shown}
            search={filter !== "" || section !== ""}
            head={mode === "people" && <PeoplePages people={people} />}
            onOpen={(column, op, item) =>
              mode === "roles"
                ? ask({ view: "roles", role: column.id, op, item, pane: "why" })
                : column.imported
                  ? openPerson(column.imported, { op, item, pane: "why" })
                  : ask({ view: "person", who: column.id, op, item, pane: "why" })
            }
          />
        )}
        <Groups imported={imported} />
      </Panes>
    </>
  );
}
