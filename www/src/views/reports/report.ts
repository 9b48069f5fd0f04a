// A report as data: the page and the CSV are written from it, so that they say the same.
import type { Session, Subject } from "privet";
import type { RequirementTree, Studio } from "privet/studio";
import { formatValue, signs } from "../../state/format.js";
import { isShared } from "../../state/facts.js";
import type { Model, OperationInfo } from "../../state/model.js";
import { sourcesOf } from "../../state/sources.js";
import { dormant, missingNames } from "../../state/opens.js";
import type { Content, Person, ReportKind } from "../../state/types.js";
import { newPerson, sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { explain } from "../person/answers.js";
import { heldInVain, testsIn, testsOf } from "../person/asked.js";
import { plain, sentence } from "../person/Sentence.js";
import type { Resolved } from "../import/protocol.js";
import { capital } from "../../text/words.js";

export interface Options {
  readonly can: boolean;
  readonly cannot: boolean;
  readonly dormant: boolean;
  readonly sources: boolean;
  readonly version: boolean;
  readonly facts: boolean;
  readonly sign: boolean;
}

export interface Row {
  /** The person, or the operation. */
  readonly name: string;
  readonly can: "yes" | "no" | "undecided";
  /** Through which role or grant, or why not. */
  readonly why: string;
  readonly source: string;
  readonly isDormant: boolean;
  readonly section: string;
  /** Of the organisation: how many can. */
  readonly count?: number;
}

export interface Report {
  readonly kind: ReportKind;
  readonly title: string;
  readonly line: string;
  readonly lineShort: string;
  /** The imported people who are not in the rows: who can do it, cannot, or may be able to. */
  readonly unlisted: { readonly can: number; readonly cannot: number; readonly undecided: number };
  readonly rows: readonly Row[];
  readonly takes: string;
  readonly facts: {
    readonly names: readonly string[];
    readonly rows: readonly { readonly label: string; readonly values: readonly string[] }[];
  };
  readonly sources: readonly string[];
  readonly version: string;
}

/** Imported people who can do the operation: how many, and the first of them. */
export interface Listed {
  readonly count: number;
  readonly undecided: number;
  readonly people: readonly {
    readonly name: string;
    readonly row: number;
    readonly at: number;
    readonly subject: Subject;
  }[];
}

/** The imported people. */
export interface Crowd {
  readonly file: string;
  readonly resolved: Resolved;
  /** Whether somebody of the workspace is one of them. */
  has(person: Person): boolean;
}

interface Input {
  readonly studio: Studio;
  readonly model: Model;
  readonly content: Content;
  readonly kind: ReportKind;
  readonly operation: string;
  readonly person: string;
  readonly crowd: Crowd | undefined;
  readonly listed: Listed | undefined;
  readonly at: number;
}

export function reportOf(input: Input): Report {
  const { model, content, kind, operation, crowd, listed, at } = input;
  const { title, version, fingerprint } = model.described;
  const person = content.people.find(({ id }) => id === input.person) ?? content.people[0];
  const people = kind === "person" && person ? [person] : content.people;
  // Who was opened from the file is one of the imported people
  const others = people.filter((it) => !crowd?.has(it));
  const operations =
    kind === "operation" ? model.described.operations.filter(({ id }) => id === operation) : model.allowable;
  const rows =
    kind === "operation"
      ? [
          ...others.map((it) => personRow(input, it, sourceWords(model, operation))),
          ...(listed?.people ?? []).map(({ name, row, subject, at }) => {
            const source = `${sourceWords(model, operation)}; ${text.reports.row(crowd?.file ?? "", at)}`;
            const opened = people.find((it) => it.row === row && crowd?.has(it));
            return personRow(input, opened ?? newPerson(name, subject, [], ""), source);
          }),
        ]
      : kind === "person" && person
        ? operations.map(
            ({ id, label, section }): Row => ({
              name: label,
              section,
              ...decided(input, person, id),
              source: sourceWords(model, id),
            }),
          )
        : operations.map(({ id, label, section }): Row => organisation(input, id, label, section));
  const total = kind !== "person" && crowd ? others.length + crowd.resolved.size : people.length;
  const asked = operations[0];
  const takes = kind === "operation" && asked ? takesWords(model, asked) : "";
  return {
    kind,
    unlisted:
      listed && crowd
        ? {
            can: listed.count - listed.people.length,
            cannot: crowd.resolved.size - listed.count - listed.undecided,
            undecided: listed.undecided,
          }
        : { can: 0, cannot: 0, undecided: 0 },
    title:
      kind === "operation"
        ? text.reports.whoCan(model.label(operation))
        : kind === "person"
          ? text.reports.personTitle(person?.name ?? "")
          : text.reports.organisationTitle,
    line: text.reports.line(title, version, fingerprint.slice(0, 8), total, at),
    lineShort: text.reports.lineShort(title, total, at),
    rows,
    takes,
    facts: {
      names: people.slice(0, 6).map(({ name }) => name),
      rows: factsOf(model, operations)
        .slice(0, 40)
        .map((id) => {
          const fact = model.facts.get(id);
          const values = people
            .slice(0, 6)
            .map((it) =>
              formatValue(model, id, isShared(fact) ? content.facts[id] : (it.subject.facts?.[id] ?? fact?.absent)),
            );
          return { label: isShared(fact) ? `${model.label(id)} (${text.reports.everybody})` : model.label(id), values };
        }),
    },
    sources: [...new Set(operations.map(({ id }) => sourceWords(model, id)).filter(Boolean))]
      .slice(0, 12)
      .concat(crowd ? [text.reports.imported(crowd.file, crowd.resolved.size, crowd.resolved.problemCount)] : []),
    version,
  };
}

const personRow = (input: Input, person: Person, source: string): Row => ({
  name: person.name,
  section: "",
  ...decided(input, person, input.operation),
  source,
});

/** Whether a person can, and through what; else why not. */
function decided(
  { studio, model, content }: Input,
  person: Person,
  operation: string,
): Pick<Row, "can" | "why" | "isDormant"> {
  const session = sessionOf(model, content, person);
  const asked = model.operations.get(operation) as OperationInfo;
  const { decision } = session.decide(operation);
  const words = plain(sentence(model, person, session, asked));
  if (decision === "allowed") {
    const { decisive } = explain(studio, session, operation);
    return { can: "yes", why: through(model, session, decisive) || words, isDormant: false };
  }
  const read = testsOf(model, asked);
  const idle = dormant(studio, session).filter(({ privilege }) => read.has(privilege));
  const notes = idle.map(
    (grant) => `${model.label(grant.privilege)}: ${text.grants.onNoEffect(missingNames(model, grant))}`,
  );
  const vain = heldInVain(model, session, asked).filter((id) => !idle.some(({ privilege }) => privilege === id));
  if (vain.length > 0) notes.push(text.reports.inVain(vain.map(model.label)));
  return {
    can: decision === "denied" ? "no" : "undecided",
    why: [words, ...notes].join(" "),
    isDormant: notes.length > 0,
  };
}

type Giver = {
  readonly by: string;
  readonly role?: string;
  readonly name?: string;
  readonly facts?: readonly string[];
};

/** Through which roles, grants and settings something is held: by giver, with what each gives. */
function through(model: Model, session: Session, decisive: readonly string[]): string {
  const given = new Map<string, string[]>();
  const add = (by: string, what: string) => given.set(by, [...(given.get(by) ?? []), what]);
  const settings: string[] = [];
  for (const id of decisive) {
    if (model.facts.has(id)) {
      settings.push(`${model.label(id)} ${text.why.isOn}`);
      continue;
    }
    const { from, granted } = session.holds(id);
    const givers = (Array.isArray(from) ? from : Object.values(from ?? {}).flat()) as readonly Giver[];
    const words = givers.map((giver) =>
      giver.by === "own"
        ? text.reports.own
        : giver.facts?.length
          ? text.reports.roleFact(model.label(giver.role ?? ""), text.and(giver.facts.map(model.label)))
          : text.reports.role(giver.role === undefined ? (giver.name ?? text.roles.unnamed) : model.label(giver.role)),
    );
    add(
      text.or([...new Set(words)]),
      granted === true ? model.label(id) : `${model.label(id)}: ${formatValue(model, id, granted as never)}`,
    );
  }
  return [...[...given].map(([by, what]) => `${capital(by)}: ${text.and(what)}`), ...settings].join("; ");
}

/** Who can do an operation in the whole organisation: by number, and by name where they are few. */
function organisation({ model, content, crowd }: Input, id: string, label: string, section: string): Row {
  const able = content.people.filter((it) => !crowd?.has(it) && sessionOf(model, content, it).can(id));
  const index = (model.policy.operations as readonly string[]).indexOf(id);
  const imported = crowd?.resolved.counts[index] ?? 0;
  const names = able.slice(0, 8).map(({ name }) => name);
  return {
    name: label,
    section,
    can: able.length + imported > 0 ? "yes" : "no",
    count: able.length + imported,
    why: [...names, ...(imported > 0 && crowd ? [`${crowd.file}: ${text.n(imported)}`] : [])].join(", "),
    source: sourceWords(model, id),
    isDormant: false,
  };
}

function sourceWords(model: Model, id: string): string {
  const operation = model.operations.get(id);
  return (operation ? sourcesOf(operation) : [])
    .map(({ title, rows, inferred }) => {
      const words = text.why.source(title, rows);
      return inferred ? `${text.why.inferred}: ${words}` : words;
    })
    .join("; ");
}

/** The facts that operations read, and those with which a role is held that grants what they read. */
function factsOf(model: Model, operations: readonly OperationInfo[]): string[] {
  const read = new Set(operations.flatMap((it) => [...testsOf(model, it).keys()]));
  for (const { when, grants } of model.described.roles)
    if (when && Object.keys(grants).some((id) => read.has(id)))
      for (const id of testsIn(model, when.tree).keys()) read.add(id);
  return [...read].filter((id) => model.facts.has(id));
}

/** A requirement in words, with labels instead of ids. */
function requirement(model: Model, tree: RequirementTree, inside = false): string {
  if (tree.kind === "unknown") return "";
  if (tree.kind === "test") {
    const { id, op, value } = tree;
    const values = value === undefined ? [] : [value].flat();
    if (op === undefined || values.length === 0) return model.label(id);
    const valueWords = (it: (typeof values)[number]) =>
      typeof it === "object" && it !== null ? model.label((it as { id: string }).id) : formatValue(model, id, it);
    const sign = op === "=" ? "" : (signs()[op] ?? op);
    return `${model.label(id)}: ${`${sign} ${text.or(values.map(valueWords))}`.trim()}`;
  }
  const parts = tree.children.map((child) => requirement(model, child, true));
  if (tree.kind === "not") return text.reports.not(parts.join(", "));
  const words = text[tree.kind === "all" ? "and" : "or"](parts);
  return inside && parts.length > 1 ? `(${words})` : words;
}

/** What an operation takes, what its privileges need to have an effect, and where the product differs. */
function takesWords(model: Model, operation: OperationInfo): string {
  const needs: string[] = [];
  const left = [...testsOf(model, operation).keys()];
  const seen = new Set<string>();
  for (let id = left.shift(); id !== undefined; id = left.shift()) {
    const tree = model.privileges.get(id)?.requires?.tree;
    if (!tree || seen.has(id)) continue;
    seen.add(id);
    left.push(...testsIn(model, tree).keys());
    needs.push(text.reports.needs(model.label(id), requirement(model, tree)));
  }
  return [`${requirement(model, operation.requires.tree)}.`, ...needs, operation.note ?? ""].filter(Boolean).join(" ");
}

/** The rows that the options leave. */
export const shownRows = (report: Report, options: Options): readonly Row[] =>
  report.kind === "organisation"
    ? report.rows
    : report.rows.filter(({ can, isDormant }) =>
        can === "yes" ? options.can : isDormant ? options.dormant || options.cannot : options.cannot,
      );

/** The report as rows of CSV. */
export function csvOf(report: Report, options: Options): (string | number)[][] {
  const words = { yes: text.reports.yes, no: text.reports.no, undecided: text.reports.undecided };
  const isPeople = report.kind === "operation";
  const head = [
    isPeople ? text.reports.person : text.reports.operation,
    ...(isPeople ? [] : [text.reports.section]),
    text.reports.can,
    text.reports.through,
    ...(options.version ? [text.reports.version] : []),
    ...(options.sources ? [text.reports.source] : []),
  ];
  const rows = shownRows(report, options).map((row) => [
    row.name,
    ...(isPeople ? [] : [row.section]),
    row.count ?? words[row.can],
    row.why,
    ...(options.version ? [report.version] : []),
    ...(options.sources ? [row.source] : []),
  ]);
  const more = unlistedWords(report, options).map((words) => [words]);
  const counts = report.kind === "organisation" ? [] : countsOf(report).map(({ label, count }) => [label, count]);
  const takes = report.takes === "" ? [] : [[], [text.reports.takes], [report.takes]];
  const { facts, sources } = report;
  const rests =
    options.facts && facts.rows.length > 0
      ? [
          [],
          [text.reports.rests],
          [text.reports.fact, ...facts.names],
          ...facts.rows.map(({ label, values }) => [label, ...values]),
        ]
      : [];
  const from =
    options.sources && sources.length > 0 ? [[], [text.reports.sources], ...sources.map((source) => [source])] : [];
  const title = [[report.title], [options.version ? report.line : report.lineShort], []];
  return [...title, head, ...rows, ...more, [], ...counts, ...takes, ...rests, ...from];
}

/** How many can, cannot, or may be able to; and how many hold something without effect. */
export function countsOf({ rows, unlisted }: Report): { id: string; label: string; count: number }[] {
  const count = (can: Row["can"]) => rows.filter((row) => row.can === can).length;
  const isAll = unlisted.cannot + unlisted.undecided === 0;
  return [
    { id: "can", label: text.reports.can, count: count("yes") + unlisted.can },
    { id: "cannot", label: text.reports.cannot, count: count("no") + unlisted.cannot },
    { id: "undecided", label: text.reports.undecided, count: count("undecided") + unlisted.undecided },
    {
      id: "dormant",
      label: isAll ? text.reports.dormant : text.reports.dormantListed,
      count: rows.filter(({ isDormant }) => isDormant).length,
    },
  ];
}

/** The imported people who are counted and not listed, in words. */
export const unlistedWords = ({ unlisted: { can, cannot, undecided } }: Report, options: Options): string[] => [
  ...(can > 0 ? [text.reports.notListed(can)] : []),
  ...(options.cannot && cannot + undecided > 0 ? [text.reports.cannotListed(cannot, undecided)] : []),
];
