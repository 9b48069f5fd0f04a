// Residuals as SQL: the rows that a database selects are those for which the operation is allowed. And sessions under other facts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const { open } = await load("privet");
const { studio, toSql } = await load("privet/studio");
const tools = await studio();

const options = (...ids) => ids.map((id) => ({ id, label: id }));
const policy = open(
  tools.compile({
    format: 1,
    id: "desk",
    title: "Desk",
    version: "1",
    facts: [
      { id: "own", kind: "switch", label: "Own ticket" },
      { id: "priority", kind: "number", label: "Priority" },
      { id: "queue", kind: "choice", label: "Queue", options: options("a", "b", "c") },
      { id: "plan", kind: "level", label: "Plan", levels: options("free", "pro", "max") },
      { id: "archived", kind: "switch", label: "Archived", absent: true },
    ],
    privileges: [
      { id: "close", kind: "flag", label: "Close" },
      { id: "all", kind: "flag", label: "All", requires: "plan >= pro" },
    ],
    operations: [
      { id: "close", label: "Close", requires: "close and (own or queue in (a, c) or priority < 3) and not archived" },
      { id: "escalate", label: "Escalate", requires: "priority >= 8 and not own or all" },
      { id: "price", label: "Price", requires: "plan < max and queue != b and priority != 5" },
      { id: "level", label: "Level", requires: "plan in (free, max) and (not (queue = a) or priority > 7)" },
    ],
  }),
);
const columns = { own: "own", priority: "priority", queue: "queue", plan: "plan", archived: "archived" };

test("a residual is a condition with bound parameters", () => {
  const { kind, text, tree } = tools.residual(policy.session({ grants: { close: true } }), "close");
  assert.equal(kind, "requires");
  assert.equal(text, "not archived and (own or priority < 3 or queue in (a, c))");
  const dollar = { placeholder: (number) => `$${number}` };
  assert.deepEqual(toSql(tree, { ...columns, own: "t.owner = 7" }, dollar), {
    sql: "NOT (COALESCE(archived, $1) = $2) AND ((t.owner = 7) = $3 OR priority < $4 OR queue IN ($5, $6))",
    parameters: [true, true, true, 3, "a", "c"],
  });
  assert.throws(() => toSql(tree, { own: "own" }), {
    code: "invalid-options",
    id: "archived",
    message: "no column for fact `archived`; there are columns for `own`",
  });
  assert.deepEqual(tools.residual(policy.session(), "close"), { kind: "never" });
});

test("a test that no value passes binds no parameter", () => {
  const facts = [
    { id: "plan", kind: "level", label: "Plan", levels: options("free", "pro"), absent: "free" },
    { id: "tier", kind: "level", label: "Tier", levels: options("low", "high") },
    { id: "own", kind: "switch", label: "Own" },
  ];
  const operations = [{ id: "open", label: "Open", requires: "plan < free or tier < low or own" }];
  const empty = open(tools.compile({ format: 1, id: "empty", title: "Empty", version: "1", facts, operations }));
  const { tree } = tools.residual(empty.session(), "open");
  assert.deepEqual(toSql(tree, { plan: "plan", tier: "tier", own: "own" }), {
    sql: "1 = 0 OR tier <> tier OR own = ?",
    parameters: [true],
  });
});

/** The value of an SQL condition of the form that is written above, with `NULL` as `null`: a reader of its own. */
function evaluate(sql, parameters, row) {
  const tokens = sql.match(/COALESCE|AND|OR|NOT|IN|NULL|<>|<=|>=|[<>=(),?]|\w+/g);
  let at = 0;
  let next = 0;
  const takes = (token) => tokens[at] === token && !!++at;
  const operand = () => {
    if (takes("?")) return parameters[next++];
    if (takes("NULL")) return null;
    if (takes("COALESCE")) {
      takes("(");
      const value = operand();
      takes(",");
      const other = operand();
      takes(")");
      return value ?? other;
    }
    const word = tokens[at++];
    return /^\d+$/.test(word) ? Number(word) : (row[word] ?? null);
  };
  const compare = (left, operator, right) => {
    if (left === null || right === null) return null;
    return { "=": left === right, "<>": left !== right, "<": left < right, ">=": left >= right }[operator];
  };
  const unary = () => {
    if (takes("NOT")) {
      const inner = unary();
      return inner === null ? null : !inner;
    }
    if (takes("(")) {
      const inner = any();
      takes(")");
      return inner;
    }
    const left = operand();
    if (!takes("IN")) return compare(left, tokens[at++], operand());
    takes("(");
    const values = [operand()];
    while (takes(",")) values.push(operand());
    takes(")");
    return left === null ? null : values.includes(left);
  };
  const all = () => {
    const parts = [unary()];
    while (takes("AND")) parts.push(unary());
    return parts.includes(false) ? false : parts.includes(null) ? null : true;
  };
  function any() {
    const parts = [all()];
    while (takes("OR")) parts.push(all());
    return parts.includes(true) ? true : parts.includes(null) ? null : false;
  }
  return any();
}

test("a database selects the records for which the operation is allowed", () => {
  const { pick, chance } = random(7);
  const values = {
    own: [true, false],
    priority: [0, 2, 3, 5, 8, 9],
    queue: ["a", "b", "c"],
    plan: ["free", "pro", "max"],
    archived: [true, false],
  };
  let compared = 0;
  for (const grants of [{}, { close: true }, { all: true }, { close: true, all: true }]) {
    for (const operation of policy.operations) {
      const known = chance(0.5) ? { priority: pick(values.priority) } : {};
      const session = policy.session({ grants, facts: known });
      const { kind, tree } = tools.residual(session, operation);
      const condition = tree && toSql(tree, columns);
      for (let record = 0; record < 100; record++) {
        const given = Object.entries(values).filter(([id]) => !(id in known) && chance(0.8));
        const facts = Object.fromEntries(given.map(([id, all]) => [id, pick(all)]));
        const selected = condition ? evaluate(condition.sql, condition.parameters, facts) : kind === "always";
        const { decision } = session.under(facts).decide(operation);
        assert.equal(
          { true: "allowed", false: "denied", null: "undecided" }[selected],
          decision,
          JSON.stringify([operation, facts, condition]),
        );
        compared++;
      }
    }
  }
  assert.equal(compared, 1600);
});

test("sessions under other facts are kept by these facts", () => {
  const session = policy.session({ grants: { close: true }, facts: { plan: "pro" } });
  const under = session.under({ own: true, priority: 2 });
  assert.equal(session.under({ own: true, priority: 2 }), under);
  assert.deepEqual(under.subject(), {
    roles: [],
    grants: { close: true },
    facts: { own: true, priority: 2, plan: "pro" },
  });
  assert.notEqual(session.under({ own: true }), under);
  assert.equal(session.under({ own: null }).can("close"), false);
  // What is invalid is refused, also when something of the same text is kept
  session.under({ priority: 1 });
  for (const facts of [{ priority: "1" }, { priority: Number.NaN }, { own: "true" }, { "own\ntrue": 1 }])
    assert.throws(
      () => session.under(facts),
      (error) => ["invalid-fact", "unknown-id"].includes(error.code),
    );
  assert.throws(() => session.under({ priority: Number.NaN }), { code: "invalid-fact" });
  // More kinds than are kept
  for (let priority = 0; priority < 3000; priority++)
    assert.equal(session.under({ priority }).subject().facts.priority, priority);
});
