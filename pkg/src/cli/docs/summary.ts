// The privileges summary of a policy: by area, by privilege, by role, what depends on what, set-up guides, who may change what.
import type { Policy } from "privet";
import type { OperationDescription, PolicyDescription, PrivilegeDescription, Source, Studio } from "privet/studio";
import { line, listed, textCell, type Block, type Cell, type Inline, type Page, type Table } from "./page.js";
import { Labels, readBy } from "../../language/words.js";

/** The tables that are also written as CSV. */
export interface Summary {
  readonly page: Page;
  readonly tables: { readonly areas: Table; readonly privileges: Table; readonly roles: Table };
}

interface Context {
  readonly tools: Studio;
  readonly policy: Policy;
  readonly description: PolicyDescription;
  readonly labels: Labels;
}

/** The summary of a policy. */
export function summaryOf(tools: Studio, policy: Policy): Summary {
  const description = tools.describe(policy);
  const context = { tools, policy, description, labels: new Labels(description) };
  const [areas, privileges, roles] = [areasOf(context), privilegesOf(context), rolesOf(context)];
  const heading = (text: string, anchor: string): Block => ({ kind: "heading", level: 2, text, anchor });
  const { id, version, fingerprint, title } = description;
  const about: Inline[] = [
    { text: "Policy " },
    { code: id },
    { text: `, version ${version}, fingerprint ` },
    { code: fingerprint.slice(0, 16) },
  ];
  const counts = `${description.operations.length} operations, ${description.privileges.length} privileges, ${description.roles.length} roles.`;
  const sections: [text: string, anchor: string, blocks: readonly Block[]][] = [
    ["By area: what each operation needs", "areas", areaBlocks(context, areas)],
    ["By privilege: what it opens and what it needs", "privileges", [privileges]],
    ["By role", "roles", description.roles.length > 0 ? [roles] : [text("The policy has no roles.")]],
    ["Facts: what nobody grants", "facts", factsOf(context)],
    ["What depends on what", "dependencies", dependenciesOf(context)],
    ["Set-up guides", "guides", guidesOf(context)],
    ["Who may change what", "changes", changesOf(context)],
  ];
  const present = sections.filter(([, , blocks]) => blocks.length > 0);
  const contents: Block = { kind: "list", isOrdered: false, items: present.map(([text, to]) => [{ to, text }]) };
  const blocks = present.flatMap(([text, anchor, blocks]) => [heading(text, anchor), ...blocks]);
  const start: Block[] = [{ kind: "text", lines: [about, [{ text: counts }]] }, contents];
  return {
    page: { title: `${title}: privileges summary`, blocks: [...start, ...blocks] },
    tables: { areas, privileges, roles },
  };
}

const text = (content: string): Block => ({ kind: "text", lines: [[{ text: content }]] });

/** Where declarations come from: the documents with their rows. */
function sourceCell(sources: readonly Source[]): Cell {
  const documents = new Map<string, string[]>();
  for (const { document, row, inferred } of sources) {
    const rows = documents.get(document) ?? [];
    documents.set(document, [...rows, ...(row === undefined ? [] : [String(row)]), ...(inferred ? ["inferred"] : [])]);
  }
  return [...documents].map(([document, rows]) => [
    { note: rows.length > 0 ? `${document}: ${rows.join(", ")}` : document },
  ]);
}

function operationRow({ labels }: Context, operation: OperationDescription): Table["rows"][number] {
  const { id, label, requires, obligations, menu, note, restricts, sources } = operation;
  const owed = obligations.map(({ label, when }): Inline[] => [
    { text: `${label}, when ` },
    { text: labels.words(when.tree) },
  ]);
  const paths = menu.map((path): Inline[] => [{ text: path.map(({ label }) => label).join(" › ") }]);
  const notes: Inline[][] = [
    ...(note ? [[{ text: note }]] : []),
    ...(restricts ? [[{ text: "Stands for a restriction." }]] : []),
    ...owed,
  ];
  return {
    anchor: `operation-${id}`,
    cells: [
      [[{ text: label }], [{ code: id }]],
      paths,
      [[{ text: labels.words(requires.tree) }], [{ code: requires.text }]],
      notes,
      sourceCell(sources),
    ],
  };
}

const OPERATION_HEADING = ["Operation", "Menu", "Needs", "Owes, notes", "Source"];

function areasOf(context: Context): Table {
  const rows = context.description.operations.map((operation) => {
    const row = operationRow(context, operation);
    return { ...row, cells: [textCell(operation.section), ...row.cells] };
  });
  return { kind: "table", heading: ["Area", ...OPERATION_HEADING], rows };
}

/** A table for each area. */
function areaBlocks({ description }: Context, { rows }: Table): Block[] {
  const areas = [...new Set(description.operations.map(({ section }) => section))];
  return areas.flatMap((area, index): Block[] => {
    const own = description.operations.flatMap(({ section }, place) => (section === area ? [rows[place]!] : []));
    const title: Block = { kind: "heading", level: 3, text: area || "Other operations", anchor: `area-${index + 1}` };
    return [
      title,
      { kind: "table", heading: OPERATION_HEADING, rows: own.map((row) => ({ ...row, cells: row.cells.slice(1) })) },
    ];
  });
}

/** A row for each value of a privilege, with the operations that it opens; of a level those that the lower ones do not open. */
function privilegesOf(context: Context): Table {
  const rows = context.description.privileges.flatMap((privilege) => {
    const values = privilege.kind === "choice" ? undefined : (privilege.levels ?? privilege.options);
    if (!values) return [privilegeRow(context, privilege, undefined, unlocked(context, privilege, undefined))];
    const lower = new Set<string>();
    return values.map(({ id }) => {
      const opens = unlocked(context, privilege, id).filter((one) => !lower.has(one));
      if (privilege.kind === "level") for (const one of opens) lower.add(one);
      return privilegeRow(context, privilege, id, opens);
    });
  });
  return {
    kind: "table",
    heading: ["Privilege", "Value", "Opens", "Has an effect only with", "Notes", "Source"],
    rows,
  };
}

function unlocked(
  { tools, policy }: Context,
  { id, kind }: PrivilegeDescription,
  value: string | undefined,
): readonly string[] {
  const granted = kind === "set" && value !== undefined ? [value] : value;
  return tools.impact(policy, granted === undefined ? { privilege: id } : { privilege: id, value: granted }).unlocks;
}

function privilegeRow(
  context: Context,
  privilege: PrivilegeDescription,
  value: string | undefined,
  opens: readonly string[],
): Table["rows"][number] {
  const { labels } = context;
  const {
    id,
    label,
    group,
    kind,
    requires,
    levels = [],
    options = [],
    note,
    unit,
    min,
    max,
    restricting,
    sources,
  } = privilege;
  const level = levels.find((one) => one.id === value);
  const needs = [requires, level?.requires].flatMap((one): Inline[][] =>
    one ? [[{ text: labels.words(one.tree) }]] : [],
  );
  const range = [min === undefined ? "" : `from ${min}`, max === undefined ? "" : `to ${max}`, unit ?? ""]
    .filter(Boolean)
    .join(" ");
  const of =
    value === undefined
      ? kind === "choice"
        ? options.map(({ label }) => label).join(", ")
        : kind === "number"
          ? `a number ${range}`.trim()
          : ""
      : labels.value(id, value);
  const notes = [note, restricting ? "Restricts: it takes something away." : undefined].filter(
    (one) => one !== undefined,
  );
  const isFirst = value === undefined || value === (levels[0] ?? options[0])?.id;
  return {
    ...(isFirst && { anchor: `privilege-${id}` }),
    cells: [
      [[{ text: group ? `${group}: ${label}` : label }], [{ code: id }]],
      textCell(of),
      line(...listed(opens.map((one) => ({ to: `operation-${one}`, text: labels.operation(one) })))),
      needs,
      notes.map((text) => [{ text }]),
      isFirst ? sourceCell(sources) : [],
    ],
  };
}

function rolesOf({ description, labels, tools, policy }: Context): Table {
  const rows = description.roles.map(({ id, label, grants, inherits = [], when, inferred }) => {
    const session = policy.session({ roles: [id] });
    const facts = description.operations.filter(
      ({ restricts, id }) => !restricts && session.decide(id).decision === "undecided",
    );
    const may = (ids: readonly string[]) =>
      line(...listed(ids.map((one) => ({ to: `operation-${one}`, text: labels.operation(one) }))));
    const notes = [
      ...(inferred ? ["An example that the product does not ship."] : []),
      ...(inherits.length > 0 ? [`Has what ${inherits.join(", ")} has.`] : []),
      ...(when ? [`Held without being listed when ${labels.words(when.tree)}.`] : []),
    ];
    const open = facts.map(({ id: operation }): Inline[] => {
      const rest = tools.residual(session, operation);
      const condition = rest.kind === "requires" ? labels.words(rest.tree) : "it is known what it depends on";
      return [{ to: `operation-${operation}`, text: labels.operation(operation) }, { text: `, when ${condition}` }];
    });
    return {
      anchor: `role-${id}`,
      cells: [
        [[{ text: label }], [{ code: id }]] as Cell,
        Object.entries(grants).map(([privilege, value]): Inline[] => [
          { to: `privilege-${privilege}`, text: labels.granted(privilege, value) },
        ]),
        may(session.allowed()),
        open,
        notes.map((text) => [{ text }]),
      ],
    };
  });
  return { kind: "table", heading: ["Role", "Grants", "May", "May, depending on facts", "Notes"], rows };
}

function factsOf({ description, labels }: Context): Block[] {
  if (description.facts.length === 0) return [];
  const rows = description.facts.map(({ id, label, kind, where, levels, options, default: value, absent, note }) => ({
    anchor: `fact-${id}`,
    cells: [
      [[{ text: label }], [{ code: id }]] as Cell,
      textCell(
        (levels ?? options)?.map(({ label }) => label).join(", ") ??
          { switch: "on or off", number: "a number", choice: "", level: "" }[kind],
      ),
      textCell(where),
      [
        ...(value === undefined ? [] : [[{ text: `Ships as ${labels.granted(id, value)}.` }]]),
        ...(absent === undefined ? [] : [[{ text: `Where it is not given: ${labels.granted(id, absent)}.` }]]),
        ...(note ? [[{ text: note }]] : []),
      ],
    ],
  }));
  return [{ kind: "table", heading: ["Fact", "Values", "Where it is set", "Notes"], rows }];
}

/** What privileges and conditions need, as a diagram and as a list, which can be read where no diagram is drawn. */
function dependenciesOf({ description, labels }: Context): Block[] {
  const needs = [
    ...description.privileges.flatMap(({ id, requires, levels = [] }) =>
      [requires, ...levels.map((level) => level.requires)].flatMap((one) => (one ? [{ id, tree: one.tree }] : [])),
    ),
    ...description.conditions.map(({ id, requires }) => ({ id, tree: requires.tree })),
  ];
  if (needs.length === 0) return [text("No privilege depends on another one.")];
  const numbers = new Map<string, number>();
  const node = (id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return `n${numbers.get(id)}["${mermaid(labels.name(id))}"]`;
  };
  const edges = new Set(needs.flatMap(({ id, tree }) => readBy(tree).map((read) => `  ${node(id)} --> ${node(read)}`)));
  const items = needs.map(({ id, tree }): Inline[] => [{ text: `${labels.name(id)} needs ${labels.words(tree)}` }]);
  return [
    { kind: "diagram", source: `flowchart LR\n${[...edges].join("\n")}\n` },
    { kind: "list", isOrdered: false, items },
  ];
}

/** A label within a diagram, where some signs are markup. */
const mermaid = (text: string) =>
  text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").replace(/["#;<>&`\\[\]{}|]/g, (char) => `#${char.charCodeAt(0)};`);

function guidesOf({ description, labels }: Context): Block[] {
  return description.guides.flatMap(({ id, label, steps }): Block[] => [
    { kind: "heading", level: 3, text: label, anchor: `guide-${id}` },
    {
      kind: "list",
      isOrdered: true,
      items: steps.map(({ label, done, operation, who, of }): Inline[] => [
        { text: label },
        ...(who ? [{ text: ` (${who}${of && of !== who ? `, for ${of}` : ""})` }] : []),
        ...(operation ? [{ text: ", by " }, { to: `operation-${operation}`, text: labels.operation(operation) }] : []),
        { text: `. Done when: ${labels.words(done.tree)}` },
      ]),
    },
  ]);
}

function changesOf({ description, labels }: Context): Block[] {
  if (description.changeRules.length === 0)
    return [text("The policy has no change rules: it does not say who may change whom.")];
  const within = {
    actor: "gives only what the actor holds",
    "actor-all": "gives and takes only what the actor holds",
    "actor-opens": "opens only what the actor may do",
  };
  const rows = description.changeRules.map((rule) => ({
    anchor: `rule-${rule.id}`,
    cells: [
      [[{ text: rule.label }], [{ code: rule.id }]] as Cell,
      textCell(rule.on.join(", ")),
      textCell(rule.of?.map((id) => labels.name(id)).join(", ")),
      [[{ text: labels.words(rule.requires.tree) }], ...(rule.within ? [[{ text: within[rule.within] }]] : [])],
      sourceCell(rule.sources ?? []),
    ],
  }));
  return [{ kind: "table", heading: ["Rule", "Changes of", "Only of", "Needs", "Source"], rows }];
}
