import { useEffect, useState } from "preact/hooks";
import { CopyLink } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { saveFile } from "../../parts/files.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Check, Loading, Segmented } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { csv } from "../../state/csv.js";
import { useStudio } from "../../state/tools.js";
import { text } from "../../text/index.js";
import type { PeopleClient } from "../import/client.js";
import { type Imported, usePeople } from "../import/people.js";
import { Sheet } from "./Sheet.js";
import { type Crowd, type Listed, type Options, type Report, csvOf, reportOf } from "./report.js";
import { ViewTitle } from "../../parts/titles.js";
import { itemOf } from "../../state/model.js";
import { reportKinds } from "../../state/types.js";

const all: Options = { can: true, cannot: true, dormant: true, sources: true, version: true, facts: true, sign: true };

/** Reports to print and to sign; the CSV says the same as the page. */
export function ReportsView() {
  const app = useApp();
  const { model, content, question, ask, workspace } = app;
  const { studio, error, retry } = useStudio();
  const imported = usePeople();
  const [options, setOptions] = useState(all);
  const [at] = useState(Date.now());
  const operations = model.allowable;
  const operation =
    model.operations.get(question.op)?.id ??
    operations.find(({ menu }) => menu.some((path) => path.at(-1)?.id === question.item))?.id ??
    operations[0]?.id ??
    "";
  const { phase } = imported;
  const crowd: Crowd | undefined =
    phase.is === "resolved"
      ? { file: phase.file, resolved: phase.resolved, has: (person) => imported.has(person) }
      : undefined;
  const listed = useListed(imported, question.report === "operation" ? operation : "");
  // Without those who can, the counts would be of the others alone
  const isComplete = question.report !== "operation" || !crowd || listed !== undefined;
  const report: Report | undefined =
    studio && isComplete
      ? reportOf({ studio, model, content, kind: question.report, operation, person: question.who, crowd, listed, at })
      : undefined;
  const save = () => report && saveFile(csv(csvOf(report, options)), `${workspace.id}-${question.report}.csv`);
  return (
    <>
      <Top tabs={[text.reports.title, text.reports.in]}>
        <ViewTitle class="hide-p">{text.reports.title}</ViewTitle>
        <Segmented
          label={text.reports.title}
          options={reportKinds.map((id) => ({
            id,
            label: text.reports.kinds[id],
          }))}
          value={question.report}
          onChange={(report) => ask({ report })}
        />
        {question.report === "operation" && (
          <Choice
            label={text.reports.operation}
            value={operation as string}
            items={operations.map(({ id, label, section }) => ({ id: id as string, label, group: section }))}
            onChange={(op) => ask({ op, item: itemOf(model.operations.get(op)) })}
          />
        )}
        {question.report === "person" && (
          <Choice
            label={text.reports.person}
            value={question.who}
            items={content.people.map(({ id, name }) => ({ id, label: name }))}
            onChange={(who) => ask({ who })}
          />
        )}
        <span class="grow" />
        <CopyLink />
        <Button icon="downl" onClick={save}>
          {text.reports.csv}
        </Button>
        <Button kind="primary" icon="printer" onClick={() => print()}>
          {text.reports.print}
        </Button>
      </Top>
      <Panes columns="report">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
        <section tabIndex={0} class="pane p2 desk" aria-label={text.reports.title} data-pane-place={2}>
          {report ? <Sheet report={report} options={options} /> : <Loading error={error} retry={retry} />}
        </section>
        <Pane place={3} label={text.reports.in} kind="options" head={<h2>{text.reports.in}</h2>}>
          <div class="pad stack">
            <section class="stack t">
              <h3>{text.reports.people}</h3>
              {(["can", "cannot", "dormant"] as const).map((id) => (
                <Option key={id} id={id} options={options} onChange={setOptions} />
              ))}
            </section>
            <section class="stack t">
              <h3>{text.reports.evidence}</h3>
              {(["sources", "version", "facts", "sign"] as const).map((id) => (
                <Option key={id} id={id} options={options} onChange={setOptions} />
              ))}
            </section>
            <p class="s dim">{text.reports.same}</p>
          </div>
        </Pane>
      </Panes>
    </>
  );
}

/** The imported people who can do an operation, the first of them with what they hold. */
function useListed(imported: Imported, operation: string): Listed | undefined {
  const [found, setFound] = useState<Listed>();
  const { client, phase } = imported;
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  useEffect(() => {
    let current = true;
    setFound(undefined);
    const load = async (from: PeopleClient) => {
      const { first, count, undecided } = await from.who(operation);
      const people = await Promise.all(first.map(async ({ row, at }) => ({ row, at, ...(await from.person(row)) })));
      if (current) setFound({ people, count, undecided });
    };
    if (client && resolved && operation !== "") load(client).catch(() => undefined);
    return () => {
      current = false;
    };
  }, [client, resolved, operation]);
  return found;
}

const Option = ({
  id,
  options,
  onChange,
}: {
  id: keyof Options;
  options: Options;
  onChange: (options: Options) => void;
}) => <Check label={text.reports.options[id]} on={options[id]} onChange={(on) => onChange({ ...options, [id]: on })} />;
