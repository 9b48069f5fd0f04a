// Example people in three real systems, through the packed npm package: what each person sees, what is hidden, and why.
import { open } from "privet";
import { studio } from "privet/studio";

/** The example people, and the operations to explain for each system. */
const systems = [
  {
    policy: "vicidial",
    look: ["email-accounts.open"],
    people: [
      {
        name: "Maria, manager; email is on, but she lacks the flag",
        subject: { grants: { "user-level": "8", "modify-ingroups": true }, facts: { "email-allowed": true } },
      },
      {
        name: "Tom, administrator with the flag; email is off in System Settings",
        subject: { grants: { "user-level": "9", "modify-email-accounts": true }, facts: { "email-allowed": false } },
      },
      {
        name: "Ada, administrator with the flag; email is on",
        subject: { grants: { "user-level": "9", "modify-email-accounts": true }, facts: { "email-allowed": true } },
      },
    ],
  },
  {
    policy: "contact",
    look: ["calls.flows.define", "data.reports.generate"],
    people: [
      {
        name: "Priya, who edits call flows but has no access to Flow Editor",
        subject: { grants: { "routing-flows": "modify" }, facts: { "flow-editor": false } },
      },
      {
        name: "Sam, supervisor by role, with reports to view and generate",
        subject: {
          roles: ["supervisor"],
          grants: { reports: "view-only", "reports-can-be-created": true, "routing-flows": "modify" },
          facts: { "flow-editor": true },
        },
      },
    ],
  },
  {
    policy: "dotdigital",
    look: ["campaigns.send", "campaigns.approve"],
    people: [
      {
        name: "Lena, who may approve campaigns but is not a Sender",
        subject: { grants: { "can-approve-campaigns": true, "edit-campaigns": true } },
      },
      { name: "Ben, Sender only", subject: { grants: { sender: true, "edit-campaigns": true } } },
      { name: "Olu, the account owner", subject: { facts: { owner: true, "account-level": "parent" } } },
    ],
  },
];

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, green, red, yellow] = ["1", "2", "32", "31", "33"].map(paint);
const marks = { shown: green("●"), hidden: dim("○"), undecided: yellow("◐") };
const verdicts = { allowed: green("allowed"), denied: red("denied"), undecided: yellow("undecided") };
const print = (line = "") => console.log(line);

print(`${marks.shown} shown   ${marks.hidden} hidden   ${marks.undecided} undecided: depends on an unknown fact`);

const loading = performance.now();
const tools = await studio();
const loaded = performance.now() - loading;

/** Mean time per call, in milliseconds. */
function time(calls, work) {
  for (let warm = 0; warm < calls / 10; warm++) work(warm);
  const start = performance.now();
  for (let call = 0; call < calls; call++) work(call);
  return (performance.now() - start) / calls;
}

/** A menu item's label and verbs. */
const title = ({ label, verbs }) => (verbs.length > 0 ? `${label} (${verbs.join(", ")})` : label);

/** Prints items as a comma-separated list, wrapped at 100 columns. */
function printList(indent, mark, items, style) {
  let line = "";
  for (const [index, item] of items.entries()) {
    const text = index + 1 < items.length ? `${item},` : item;
    if (line && indent.length + line.length + text.length > 96) {
      print(`${indent}${mark} ${style(line)}`);
      line = "";
      mark = " ";
    }
    line += line ? ` ${text}` : text;
  }
  if (line) print(`${indent}${mark} ${style(line)}`);
}

/** Prints a menu: open items with children as a tree, the others as one list per state. */
function printMenu(items, indent = "    ") {
  const isOpen = ({ state, children }) => state !== "hidden" && children.length > 0;
  for (const item of items.filter(isOpen)) {
    print(`${indent}${marks[item.state]} ${title(item)}`);
    printMenu(item.children, `${indent}    `);
  }
  const others = items.filter((item) => !isOpen(item));
  const byState = (wanted) => others.filter(({ state }) => state === wanted);
  printList(indent, marks.shown, byState("shown").map(title), (text) => text);
  printList(indent, marks.undecided, byState("undecided").map(title), yellow);
  printList(
    indent,
    marks.hidden,
    byState("hidden").map(({ label }) => label),
    dim,
  );
}

const table = [];
for (const { policy: id, look, people } of systems) {
  const { pack } = await import(`privet/policies/${id}`);
  const policy = open(pack);
  const described = tools.describe(policy);
  const shipped = Object.fromEntries(
    described.facts.filter((fact) => fact.default !== undefined).map((fact) => [fact.id, fact.default]),
  );
  const { operations, privileges, facts } = policy;
  print(bold(`\n${policy.title}`));
  print(dim(`${operations.length} operations, ${privileges.length} privileges, ${facts.length} facts`));
  for (const { name, subject } of people) {
    const session = policy.session({ ...subject, facts: { ...shipped, ...subject.facts } });
    print(`\n  ${bold(name)}`);
    printMenu(session.menu());
    for (const operation of look) {
      const { decision, sentence } = tools.explain(session, operation);
      print(`    → ${sentence.replace(decision, verdicts[decision])}`);
    }
  }
  const subject = people.at(-1).subject;
  const session = policy.session(subject);
  table.push({
    policy: id,
    "open µs": (time(20, () => open(pack)) * 1e3).toFixed(0),
    "resolve µs": (time(5_000, () => policy.session(subject)) * 1e3).toFixed(1),
    "can() ns": (time(1_000_000, (call) => session.can(operations[call % operations.length])) * 1e6).toFixed(1),
    "explain µs": (time(500, () => tools.explain(session, look[0])) * 1e3).toFixed(0),
  });
}

print(bold("\nTimes"));
print(dim(`studio loaded in ${loaded.toFixed(1)} ms; mean times per call, Node.js ${process.version}`));
const columns = Object.keys(table[0]);
const widths = columns.map((column) => Math.max(column.length, ...table.map((row) => row[column].length)));
const line = (cells) => cells.map((cell, index) => (index ? cell.padStart(widths[index]) : cell.padEnd(widths[index])));
for (const row of [columns, ...table.map((row) => Object.values(row))]) print(`  ${line(row).join("  ")}`);
