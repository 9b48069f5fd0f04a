import type { PolicyDescription, PolicyDifference } from "privet/studio";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { openFile } from "../../parts/files.js";
import { Icon } from "../../parts/Icon.js";
import { Pane, Panes } from "../../parts/Panes.js";
import { Button, Empty, Loading, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { type Model, loadModel } from "../../state/model.js";
import { useStudio } from "../../state/tools.js";
import type { BuiltIn, Content } from "../../state/types.js";
import { policies } from "../../state/types.js";
import { menuDifference, subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { Difference } from "../policy/Difference.js";
import { documentOf } from "../policy/documents.js";
import { AnswerTitle } from "../../parts/titles.js";
import { EffectTags } from "../../parts/Effects.js";
import { PersonLink } from "../../parts/PersonLink.js";

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
        .map((id): Version => ({ id, name: text.versions.builtIn(id), hint: "", load: () => documentOf(id) })),
    ];
  }, [workspace, model, files.size]);
  const known = (id: string, fallback: number) =>
    versions.find((it) => it.id === id) ?? versions[fallback] ?? versions[0];
  const hasOwn = workspace.draft !== undefined || workspace.versions.length > 0 || files.size > 0;
  const before = known(question.left, hasOwn && workspace.draft === undefined ? 1 : 0);
  const after = known(question.right, workspace.draft === undefined ? 0 : 1);
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
        <div class="pad stack">
          {fault !== "" && (
            <p class="loss" role="alert">
              {fault}
            </p>
          )}
          {fault === "" && (!isCurrent || !difference) && <Loading error={error} retry={retry} />}
          {before?.id === after?.id ? (
            <Empty title={text.versions.second}>
              <p class="s dim">{text.versions.secondHelp}</p>
              <span>
                <Button icon="up" onClick={() => void bring("left")}>
                  {text.versions.file}
                </Button>
              </span>
            </Empty>
          ) : null}
          {fault === "" && isCurrent && before?.id !== after?.id && difference && opened && (
            <Meaning difference={difference} described={opened.after.described} />
          )}
        </div>
      </Pane>
      <Pane place={3} label={text.versions.people}>
        {fault === "" && isCurrent && opened && <Affected before={opened.before} after={opened.after} />}
      </Pane>
    </Panes>
  );
}

const Meaning = ({ difference, described }: { difference: PolicyDifference; described: PolicyDescription }) => (
  <section class="stack t" data-versions>
    <h2>{text.versions.meaning}</h2>
    <Difference difference={difference} described={described} />
  </section>
);

/** The people whose access or menu differs between the versions. */
function Affected({ before, after }: { before: Model; after: Model }) {
  const { content } = useApp();
  const rows = useMemo(
    () => content.people.map((person) => compared(before, after, content, person)),
    [before, after, content],
  );
  const affected = rows.filter(
    (row) => "fault" in row || row.gained.length + row.lost.length + row.shown.length + row.hidden.length > 0,
  );
  return (
    <div class="pad stack" data-affected>
      <div class="rowhead">
        <AnswerTitle>{text.versions.people}</AnswerTitle>
        <span class="count">{text.grants.of(affected.length, rows.length)}</span>
      </div>
      {affected.length === 0 && <Empty title={text.versions.nobody} />}
      <ul class="people">
        {affected.map((row) => (
          <li key={row.person.id}>
            <PersonLink person={row.person} />
            {"fault" in row ? (
              <Tag tone="warn">{text.versions.noFit(row.person.name)}</Tag>
            ) : (
              <span class="flex">
                <EffectTags gained={row.gained} lost={row.lost} />
              </span>
            )}
            <span class="note">
              {"fault" in row
                ? row.fault
                : [
                    row.shown.length > 0 ? text.installation.appears(row.shown.slice(0, 4).map(after.label)) : "",
                    row.hidden.length > 0 ? text.installation.goes(row.hidden.slice(0, 4).map(before.label)) : "",
                    row.shown.length + row.hidden.length === 0
                      ? [...row.gained.slice(0, 3).map(after.label), ...row.lost.slice(0, 3).map(before.label)].join(
                          ", ",
                        )
                      : "",
                  ]
                    .filter(Boolean)
                    .join(". ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function compared(before: Model, after: Model, content: Content, person: Content["people"][number]) {
  try {
    const subject = subjectOf(content, person);
    const known = (model: Model) =>
      ({
        ...subject,
        facts: Object.fromEntries(Object.entries(subject.facts ?? {}).filter(([id]) => model.facts.has(id))),
      }) as typeof subject;
    const [was, is] = [before.session(known(before)), after.session(known(after))];
    const [could, can] = [was.allowed() as readonly string[], is.allowed() as readonly string[]];
    return {
      person,
      gained: can.filter((id) => !could.includes(id)),
      lost: could.filter((id) => !can.includes(id)),
      ...menuDifference(was, is),
    };
  } catch (error) {
    return { person, fault: (error as Error).message };
  }
}
