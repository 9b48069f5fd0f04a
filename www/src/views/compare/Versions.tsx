import type { PolicyDifference } from "privet/studio";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { openFile } from "../../parts/files.js";
import { Icon } from "../../parts/Icon.js";
import { Pane, Panes } from "../../parts/Panes.js";
import { Tabs } from "../../parts/Tabs.js";
import { AnswerTitle } from "../../parts/titles.js";
import { Button, Check, Empty, LinkButton, Loading } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { type Model, loadModel } from "../../state/model.js";
import { useStudio } from "../../state/tools.js";
import type { BuiltIn } from "../../state/types.js";
import { policies, products } from "../../state/types.js";
import { text } from "../../text/index.js";
import { Difference, isOtherPolicy } from "../policy/Difference.js";
import { documentOf } from "../policy/documents.js";
import { Affected } from "./Affected.js";
import { inBoth } from "./inBoth.js";
import { menuRows } from "./sides.js";
import { Table } from "./Table.js";

interface Version {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  load(): Promise<string>;
}

/** Files that were opened to compare; they stay while the page is open. */
const files = new Map<string, Version>();

/** Compares two versions of the policy, from this workspace or from files: meaning, menus, and the people affected. */
export function Versions() {
  const { workspace, model, question, ask, notify } = useApp();
  const { studio, error, retry } = useStudio();
  const [, redraw] = useState(0);
  const versions = useMemo((): Version[] => {
    const own = workspace.text;
    return [
      {
        id: "current",
        name: `${text.versions.current}: ${model.described.title}`,
        hint: model.described.version,
        load: () => (own === undefined ? documentOf(workspace.policy as BuiltIn) : Promise.resolve(own)),
      },
      ...(workspace.draft === undefined
        ? []
        : [{ id: "draft", name: text.versions.draft, hint: "", load: async () => workspace.draft ?? "" }]),
      ...[...workspace.versions].reverse().map(
        (it): Version => ({
          id: `v${it.at}`,
          name: it.name,
          hint: text.versions.name(it.at),
          load: async () => it.text,
        }),
      ),
      ...files.values(),
      ...policies
        .filter((id) => id !== workspace.policy)
        .map(
          (id): Version => ({
            id,
            name: text.versions.builtIn(products[id] ?? id),
            hint: "",
            load: () => documentOf(id),
          }),
        ),
    ];
  }, [workspace, model, files.size]);
  const known = (id: string) => versions.find((it) => it.id === id);
  const after = known(question.right) ?? versions[workspace.draft === undefined ? 0 : 1];
  const likely = versions[workspace.draft === undefined && workspace.versions.length > 0 ? 1 : 0];
  const before =
    known(question.left) ?? [likely, versions[0], ...files.values()].find((it) => it !== after) ?? versions[0];
  const [opened, setOpened] = useState<{ before: Model; after: Model; key: string }>();
  const [fault, setFault] = useState("");
  const key = `${before?.id} ${after?.id}`;
  useEffect(() => {
    let current = true;
    setFault("");
    const open = async (version: Version) => {
      try {
        return await loadModel("own", await version.load());
      } catch (thrown) {
        throw new Error(text.versions.unreadable(version.name, (thrown as Error).message));
      }
    };
    if (before && after)
      Promise.all([open(before), open(after)]).then(
        ([one, other]) => current && setOpened({ before: one, after: other, key }),
        (thrown: Error) => current && setFault(thrown.message),
      );
    return () => {
      current = false;
    };
  }, [key, workspace.draft, workspace.text]);
  const bring = async (side: "left" | "right") => {
    const file = await openFile(".json,.jsonc,application/json");
    if (!file) return;
    const content = await file.text();
    const id = `file-${file.name}-${file.size}`;
    files.set(id, { id, name: file.name, hint: "", load: async () => content });
    redraw((times) => times + 1);
    ask({ [side]: id });
    notify(undefined);
  };
  const choice = (side: "left" | "right", label: string, version: Version | undefined) => (
    <Choice
      label={label}
      visible
      kind="full"
      value={version?.id ?? ""}
      items={versions.map(({ id, name, hint }) => ({ id, label: name, hint }))}
      onChange={(id) => ask({ [side]: id })}
      acts={[{ label: text.versions.file, icon: "up", act: () => void bring(side) }]}
    />
  );
  const difference = useMemo(
    () => (studio && opened ? studio.compare(opened.before.policy, opened.after.policy) : undefined),
    [studio, opened],
  );
  const isCurrent = opened?.key === key;
  const isShown = fault === "" && isCurrent && difference !== undefined;
  const isOther = isShown && isOtherPolicy(difference, opened.after.described);
  return (
    <Panes columns="two">
      <Pane
        place={2}
        label={text.versions.meaning}
        head={
          <div class="flex versions">
            <span class="grow">{choice("left", text.versions.before, before)}</span>
            <Icon name="arrow" />
            <span class="grow">{choice("right", text.versions.after, after)}</span>
            <Button kind="sm" onClick={() => ask({ left: after?.id ?? "", right: before?.id ?? "" })}>
              {text.versions.swap}
            </Button>
          </div>
        }
      >
        {fault !== "" && (
          <p class="pad loss" role="alert">
            {fault}
          </p>
        )}
        {fault === "" && (!isCurrent || !difference) && <Loading error={error} retry={retry} />}
        {before?.id === after?.id && (
          <div class="pad">
            <Empty title={text.versions.second}>
              <p class="s dim">{text.versions.secondHelp}</p>
              <span class="flex wrap">
                <Button icon="up" onClick={() => void bring("left")}>
                  {text.versions.file}
                </Button>
                <Button icon="code" onClick={() => ask({ view: "policy" })}>
                  {text.versions.edit}
                </Button>
              </span>
            </Empty>
          </div>
        )}
        {isShown && before?.id !== after?.id && (
          <Compared difference={difference} before={opened.before} after={opened.after} />
        )}
      </Pane>
      <Pane place={3} label={text.versions.people}>
        {before?.id === after?.id ? (
          <Known versions={versions} chosen={after?.id} onChoose={(id) => ask({ left: id })} />
        ) : (
          isShown && <Affected before={opened.before} after={opened.after} isOther={isOther} />
        )}
      </Pane>
    </Panes>
  );
}

/** The versions that there are, where none are compared yet. */
function Known({
  versions,
  chosen,
  onChoose,
}: {
  versions: readonly Version[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  return (
    <section class="pad stack t" data-known-versions>
      <AnswerTitle>{text.versions.stored}</AnswerTitle>
      <ul class="plainlist">
        {versions.map(({ id, name, hint }) => (
          <li class="rowhead" key={id}>
            <span>
              {name} <span class="s mute">{hint}</span>
            </span>
            {id !== chosen && <LinkButton onClick={() => onChoose(id)}>{text.shell.compare}</LinkButton>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const tabs = ["meaning", "menus"] as const;

/** What sets the versions apart: what changes in meaning, and the menu of a person in each of them. */
function Compared({ difference, before, after }: { difference: PolicyDifference; before: Model; after: Model }) {
  const { question, ask, content, person } = useApp();
  const tab = tabs.find((id) => id === question.tab) ?? "meaning";
  const rows = useMemo(() => {
    const sessions = inBoth(before, after, content, person);
    return "fault" in sessions ? sessions : menuRows(before, sessions.was, after, sessions.is);
  }, [before, after, content, person]);
  const differing = "fault" in rows ? [] : rows.filter(({ differs }) => differs);
  const { added, removed, renamed, changed, unanswered = [] } = difference;
  const changes = [...changed.map(({ id }) => id), ...added, ...removed, ...Object.keys(renamed), ...unanswered];
  const counts = { meaning: new Set(changes).size, menus: differing.length };
  if (isOtherPolicy(difference, after.described))
    return (
      <div class="pad" data-versions>
        <Difference difference={difference} described={after.described} />
      </div>
    );
  return (
    <Tabs
      label={text.compare.tabsLabel}
      panel="versions-panel"
      tabs={tabs.map((id) => ({ id, label: text.versions.tabs[id], count: text.compare.differ(counts[id]) }))}
      value={tab}
      onChange={(tab) => ask({ tab })}
    >
      {tab === "meaning" ? (
        <div class="pad" data-versions>
          <Difference difference={difference} described={after.described} />
        </div>
      ) : (
        <div data-menus>
          <div class="flex wrap pad">
            <Choice
              label={text.versions.seenBy}
              visible
              value={person.id}
              items={content.people.map(({ id, name }) => ({ id, label: name }))}
              onChange={(who) => ask({ who })}
            />
            <span class="grow" />
            <Check
              label={text.compare.different}
              on={!question.everything}
              onChange={(on) => ask({ everything: !on })}
            />
          </div>
          {"fault" in rows ? (
            <p class="pad warn">{text.versions.noFit(person.name)}</p>
          ) : (
            <Table
              rows={question.everything ? rows : differing}
              left={text.versions.before}
              right={text.versions.after}
              head={text.compare.item}
            />
          )}
        </div>
      )}
    </Tabs>
  );
}
