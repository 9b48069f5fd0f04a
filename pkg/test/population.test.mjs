// Populations agree with single sessions, and people who cannot be evaluated are reported.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { builtIn, privet, tools } from "./support/policies.mjs";
import { random } from "./support/random.mjs";

const { open, PrivetError } = privet;
const policies = Object.values(builtIn);

/** A generator of random subjects and changes of a policy. */
function generator(policy, seed) {
  const { below, pick } = random(seed);
  const { privileges, facts, roles } = tools.describe(policy);
  const of = (list) => pick(list).id;
  const grant = ({ kind, levels, options, min = 0, max = 99 }) =>
    ({
      flag: () => true,
      level: () => of(levels),
      choice: () => of(options),
      set: () => options.filter(() => below(2)).map(({ id }) => id),
      number: () => min + below(Math.min(max - min + 1, 5)),
    })[kind]();
  const fact = ({ kind, options }) =>
    ({ switch: () => below(2) === 1, choice: () => of(options), number: () => below(5) })[kind]();
  const some = (list, one, often) =>
    Object.fromEntries(list.filter(() => below(10) < often).map((entry) => [entry.id, one(entry)]));
  const listed = (often) => roles.filter(() => below(20) < often).map(({ id }) => id);
  return {
    subject: () => ({
      roles: listed(below(4)),
      grants: some(privileges, grant, below(10)),
      facts: some(facts, fact, below(10)),
    }),
    change: () => ({
      set: some(privileges, (entry) => (below(3) ? grant(entry) : null), 2),
      facts: some(facts, (entry) => (below(3) ? fact(entry) : null), 3),
    }),
  };
}

const rows = (sessions, is) => sessions.flatMap((session, row) => (session && is(session) ? [row] : []));
const attempt = (query) => {
  try {
    return { value: query() };
  } catch (error) {
    return { error };
  }
};
const problems = (errors) => errors.map(({ row, error }) => ({ row, code: error.code, message: error.message }));

describe("a population", () => {
  for (const policy of policies) {
    test(`of 2,100 people of ${policy.id} agrees with their sessions`, () => {
      const generate = generator(policy, 4);
      const people = Array.from({ length: 2100 }, generate.subject);
      people[0] = { grants: { "no-such-privilege": true } };
      people[1024] = { roles: 7 };
      people[2098] = undefined; // somebody without grants
      people[2099] = null;
      const change = generate.change();
      const attempts = people.map((person) => attempt(() => policy.session(person)));
      const sessions = attempts.map(({ value }) => value);
      const population = tools.population(policy, people);

      assert.equal(population.size, 2100);
      assert.deepEqual(
        problems(population.errors).map(({ row }) => row),
        attempts.flatMap(({ error }, row) => (error ? [row] : [])),
      );
      assert.deepEqual(
        problems(population.errors).slice(0, -1),
        problems(attempts.flatMap(({ error }, row) => (error ? [{ row, error }] : []))).slice(0, -1),
      );
      assert.ok(population.errors.every(({ error }) => error instanceof PrivetError));
      const matrix = population.matrix();
      policy.operations.forEach((operation, column) => {
        const allowed = rows(sessions, (session) => session.can(operation));
        assert.deepEqual(population.whoCan(operation), allowed, operation);
        assert.deepEqual(
          population.undecided(operation),
          rows(sessions, (session) => session.decide(operation).decision === "undecided"),
          operation,
        );
        assert.equal(population.count(operation), allowed.length, operation);
        assert.equal(population.counts()[column], allowed.length, operation);
        assert.deepEqual(
          people.flatMap((_, row) => (matrix.get(row, column) ? [row] : [])),
          allowed,
          operation,
        );
      });
      const idle = sessions.map((session) => (session ? tools.dormant(session).map(({ privilege }) => privilege) : []));
      const expected = policy.privileges.map((privilege) => ({
        privilege,
        people: idle.flatMap((ids, row) => (ids.includes(privilege) ? [row] : [])),
      }));
      assert.deepEqual(
        population.dormant(),
        expected.filter(({ people }) => people.length > 0),
      );

      const each = sessions.map((session) => session && attempt(() => tools.preview(session, change)));
      const preview = population.preview(change);
      const refused = each.flatMap((one, row) => (one?.error ? [{ row, error: one.error }] : []));
      assert.deepEqual(
        problems(preview.errors),
        problems([...population.errors, ...refused]).sort((a, b) => a.row - b.row),
      );
      const collect = (key, list) => {
        const found = new Map();
        for (const [row, one] of each.entries())
          for (const entry of one?.value ? list(one.value) : [])
            found.set(key(entry), [...(found.get(key(entry)) ?? []), row]);
        return Object.fromEntries([...found].sort());
      };
      const listed = (list, key) => Object.fromEntries(list.map(({ people, ...what }) => [key(what), people]).sort());
      const pair = ({ operation, obligation }) => `${operation} ${obligation}`;
      assert.deepEqual(
        listed(preview.gained, ({ operation }) => operation),
        collect(String, ({ gained }) => gained),
      );
      assert.deepEqual(
        listed(preview.lost, ({ operation }) => operation),
        collect(String, ({ lost }) => lost),
      );
      assert.deepEqual(
        listed(preview.menu.shown, ({ item }) => item),
        collect(String, ({ menu }) => menu.shown),
      );
      assert.deepEqual(
        listed(preview.menu.hidden, ({ item }) => item),
        collect(String, ({ menu }) => menu.hidden),
      );
      assert.deepEqual(
        listed(preview.obligations.added, pair),
        collect(pair, ({ obligations }) => obligations.added),
      );
      assert.deepEqual(
        listed(preview.obligations.removed, pair),
        collect(pair, ({ obligations }) => obligations.removed),
      );
      const slept = (here, there) =>
        here.map(({ privilege }) => privilege).filter((id) => !there.some(({ privilege }) => privilege === id));
      assert.deepEqual(
        listed(preview.dormant.added, ({ privilege }) => privilege),
        collect(String, ({ dormant }) => slept(dormant.added, dormant.removed)),
      );
      assert.deepEqual(
        listed(preview.dormant.removed, ({ privilege }) => privilege),
        collect(String, ({ dormant }) => slept(dormant.removed, dormant.added)),
      );
      assert.ok(preview.gained.length + preview.lost.length > 0, "the change changes nothing, so nothing was tested");

      const rest = people.map((person, row) => (sessions[row] ? person : {}));
      const packed = tools.population(policy, rest).pack();
      assert.equal(packed.rows.length, 2100 * packed.width);
      assert.deepEqual(
        tools.population(policy, structuredClone(packed)).matrix().words,
        tools.population(policy, rest).matrix().words,
      );
    });

    test(`a preview of ${policy.id} is the difference of two sessions`, () => {
      const generate = generator(policy, 9);
      let previewed = 0;
      for (let round = 0; round < 300; round++) {
        const { value: session } = attempt(() => policy.session(generate.subject()));
        const change = generate.change();
        const after = session && attempt(() => session.with(change));
        if (!session) continue;
        if (after.error) {
          assert.throws(() => tools.preview(session, change), { code: after.error.code, message: after.error.message });
          continue;
        }
        previewed++;
        const { gained, lost, obligations, menu } = tools.preview(session, change);
        assert.deepEqual({ gained, lost, obligations }, session.diff(after.value));
        const shown = (items) =>
          items.flatMap(({ id, state, children }) => [...(state === "shown" ? [id] : []), ...shown(children)]);
        const [was, is] = [shown(session.menu()), shown(after.value.menu())];
        assert.deepEqual([...menu.shown].sort(), is.filter((id) => !was.includes(id)).sort());
        assert.deepEqual([...menu.hidden].sort(), was.filter((id) => !is.includes(id)).sort());
      }
      assert.ok(previewed > 100, `only ${previewed} of 300 changes could be made`);
    });
  }

  const [contact, dotdigital] = policies;
  const many = Array.from({ length: 5000 }, (_, row) => ({ grants: row % 2 ? { reports: "view-only" } : {} }));

  test("reports progress after each block, and can be aborted", () => {
    const progress = [];
    tools.population(contact, many, { onProgress: (...at) => progress.push(at) });
    assert.deepEqual(
      progress,
      [1024, 2048, 3072, 4096, 5000].map((done) => [done, 5000]),
    );
    const controller = new AbortController();
    const onProgress = (done) => done >= 2048 && controller.abort(new Error("enough"));
    assert.throws(() => tools.population(contact, many, { signal: controller.signal, onProgress }), {
      message: "enough",
    });
    assert.throws(() => tools.population(contact, [], { signal: AbortSignal.abort() }), { name: "AbortError" });
    const population = tools.population(contact, many);
    assert.throws(() => population.preview({}, { signal: AbortSignal.abort() }), { name: "AbortError" });
  });

  test("yields to the event loop when it is asynchronous", async () => {
    const lots = Array.from({ length: 40_000 }, (_, row) => many[row % 5000]);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const population = await tools.populationAsync(contact, lots);
    clearInterval(timer);
    assert.ok(turns > 1, `other work had ${turns} turns`);
    assert.equal(population.count("item.reports.view"), 20_000);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("changed my mind")), 1);
    await assert.rejects(tools.populationAsync(contact, lots, { signal: controller.signal }), {
      message: "changed my mind",
    });
  });

  test("refuses unknown ids and invalid changes", () => {
    const population = tools.population(contact, []);
    assert.deepEqual([population.size, population.whoCan("item.reports.view"), population.dormant()], [0, [], []]);
    for (const query of [population.whoCan, population.undecided, population.count]) {
      assert.throws(() => query("item.reports.vew"), {
        code: "unknown-id",
        message: "unknown operation `item.reports.vew`; did you mean `item.reports.view`?",
      });
    }
    assert.throws(() => population.preview({ set: { report: true } }), { code: "unknown-id" });
    assert.throws(() => population.preview({ roles: { amend: [{ index: 0, set: {} }] } }), {
      code: "invalid-subject",
      message: /amends an inline role/,
    });
    assert.throws(() => population.preview({ set: { reports: "edit" } }), { code: "invalid-grant" });
    assert.throws(() => population.preview({ grants: {} }), { code: "invalid-subject" });
    assert.throws(() => population.differences(tools.population(contact, [{}])), RangeError);
    assert.equal(population.matrix().get(0, 0), false);
  });

  test("has the differences between two versions of a policy", () => {
    const version = (requires, more = []) =>
      open(
        tools.compile({
          format: 1,
          id: "shop",
          title: "Shop",
          version: "1",
          facts: [{ id: "open", kind: "switch", label: "Open" }],
          privileges: [
            { id: "orders", kind: "flag", label: "Orders" },
            { id: "refunds", kind: "flag", label: "Refunds" },
          ],
          operations: [{ id: "list", label: "List", requires }, ...more],
        }),
      );
    const people = [
      {},
      { grants: { orders: true } },
      { grants: { refunds: true } },
      { grants: { orders: true, refunds: true } },
      { grants: { ordres: true } },
    ];
    const before = tools.population(version("orders"), people);
    const after = tools.population(version("refunds", [{ id: "count", label: "Count", requires: "orders" }]), people);
    const { gained, lost, errors } = before.differences(after);
    assert.deepEqual(gained, [
      { operation: "list", people: [2] },
      { operation: "count", people: [1, 3] },
    ]);
    assert.deepEqual(lost, [{ operation: "list", people: [1] }]);
    assert.deepEqual(
      problems(errors).map(({ row, code }) => [row, code]),
      [
        [4, "unknown-id"],
        [4, "unknown-id"],
      ],
    );
    const back = after.differences(before);
    assert.deepEqual([back.gained, back.lost], [lost, gained.toSorted((a, b) => (a.operation < b.operation ? 1 : -1))]);
  });

  test("rejects packed rows of another policy, and damaged ones", () => {
    const rows = tools.population(contact, many.slice(0, 3)).pack();
    const refuses = (people, message) =>
      assert.throws(() => tools.population(contact, people), { code: "invalid-subject", message });
    assert.throws(() => tools.population(dotdigital, rows), {
      message: "packed rows belong to another version of the policy; pack them again",
    });
    refuses({ ...rows, width: 1 }, "packed rows belong to another version of the policy; pack them again");
    refuses({ ...rows, rows: rows.rows.subarray(1) }, "packed rows are cut short; load them again");
    refuses("maria", "people are neither a list nor packed rows; pass subjects, or the result of `pack`");
    refuses(null, "people are neither a list nor packed rows; pass subjects, or the result of `pack`");
    const damaged = rows.rows.slice();
    damaged.fill(0, 0, rows.width);
    damaged.fill(255, rows.width, 2 * rows.width);
    const population = tools.population(contact, { ...rows, rows: damaged });
    assert.deepEqual(
      problems(population.errors),
      [0, 1].map((row) => ({
        row,
        code: "invalid-subject",
        message: "not a packed row of this policy; pack the subject again, with this version of the policy",
      })),
    );
    assert.deepEqual(population.undecided("item.reports.view"), []);
  });

  test("packs people with inline roles, beside their rows", () => {
    // Over the border of a block of 1,024 rows; one of the people with inline roles has an error
    const people = Array.from({ length: 2100 }, (_, row) => {
      if (row === 1030) return { roles: [{ reports: "view-only" }, { nothing: true }] };
      return row % 3 === 0
        ? { roles: [{ reports: "view-only" }, { name: "Second", grants: { "teams-presence": true } }] }
        : {};
    });
    const population = tools.population(contact, people);
    const packed = population.pack();
    const again = tools.population(contact, packed);
    const operation = contact.session(people[0]).allowed()[0];
    assert.equal(again.whoCan(operation).length, 700);
    assert.deepEqual(again.matrix().words, population.matrix().words);
    assert.deepEqual(again.dormant(), population.dormant());
    assert.deepEqual(again.pack(), packed);
    assert.deepEqual(
      again.errors.map(({ row }) => row),
      [1030],
    );
    const change = { set: { reports: null } };
    assert.deepEqual(
      again.preview(change).errors.map(({ row }) => row),
      population.preview(change).errors.map(({ row }) => row),
    );

    const damaged = (change) => {
      const inline = packed.inline.slice();
      change(inline);
      return () => tools.population(contact, { ...packed, inline });
    };
    const refused = {
      code: "invalid-subject",
      message: "the inline roles of packed rows are damaged; load them again",
    };
    for (const inline of [null, [], new Uint32Array(), packed.inline.subarray(1), packed.inline.subarray(0, -1)])
      assert.throws(() => tools.population(contact, { ...packed, inline }), refused);
    assert.throws(
      damaged((inline) => inline.fill(0, 1, 2)),
      refused,
    ); // what follows is then read as a second entry of row 0
    assert.throws(
      damaged((inline) => inline.fill(2100, 0, 1)),
      refused,
    );
    // A privilege that the policy lacks, in the first row
    assert.throws(
      damaged((inline) => inline.fill(9999, 5, 6)),
      {
        code: "invalid-subject",
        message: "not rows of this policy; create the population with this policy",
      },
    );
    const transferred = structuredClone(packed);
    structuredClone(transferred.inline.buffer, { transfer: [transferred.inline.buffer] });
    assert.throws(() => tools.population(contact, transferred), refused);
  });

  test("says who gives people what an operation needs", () => {
    const shop = open(
      tools.compile({
        format: 1,
        id: "shop",
        title: "Shop",
        version: "1",
        facts: [{ id: "lead", label: "Lead", kind: "switch" }],
        privileges: [
          { id: "orders", label: "Orders", kind: "level", levels: ["view", "modify"].map((id) => ({ id, label: id })) },
          {
            id: "reports",
            label: "Reports",
            kind: "set",
            options: ["sales", "stock"].map((id) => ({ id, label: id })),
          },
        ],
        roles: [
          { id: "clerk", label: "Clerk", grants: { orders: "view", reports: ["stock"] } },
          { id: "head", label: "Head", grants: { orders: "modify", reports: ["sales"] }, when: "lead" },
        ],
        operations: [
          { id: "read", label: "Read", requires: "orders >= view" },
          { id: "sales", label: "Sales", requires: "orders >= view and reports = sales" },
          { id: "open", label: "Open", requires: "true" },
        ],
      }),
    );
    const people = [
      {},
      { roles: ["clerk"] },
      { roles: ["clerk"], facts: { lead: true } },
      { grants: { orders: "view" } },
      { roles: ["clerk", { name: "Night", grants: { reports: ["sales"] } }] },
      { grants: { nothing: true } },
    ];
    const population = tools.population(shop, people);
    assert.deepEqual(population.givers("read"), [
      { by: "own", people: [3] },
      { by: "role", role: "clerk", people: [1, 4] },
      { by: "role", role: "head", people: [2] }, // the level that is granted is the head's
    ]);
    // `stock`, which the clerk gives, is not needed
    assert.deepEqual(population.givers("sales"), [
      { by: "role", role: "clerk", people: [4] },
      { by: "role", role: "head", people: [2] },
      { by: "inline", people: [4] },
    ]);
    assert.deepEqual(population.givers("open"), []);
    assert.deepEqual(population.whoCan("open"), [0, 1, 2, 3, 4]);
    const matrix = population.matrix({ through: "clerk" });
    const cells = people.map((_, row) => shop.operations.map((_, column) => +matrix.get(row, column)).join(""));
    assert.deepEqual(cells, ["000", "100", "000", "000", "110", "000"]);
    assert.throws(() => population.matrix({ through: "clark" }), {
      code: "unknown-id",
      message: "unknown role `clark` in `through`; did you mean `clerk`?",
    });
    assert.throws(() => population.givers("raed"), { code: "unknown-id" });
    assert.throws(() => population.givers("read", { signal: AbortSignal.abort(new Error("stop")) }), {
      message: "stop",
    });

    // Over several blocks, and again from packed rows
    const many = Array.from({ length: 3000 }, (_, row) => people[row % 5]);
    const again = tools.population(shop, tools.population(shop, many).pack());
    assert.deepEqual(
      again.givers("sales").map(({ by, people }) => [by, people.length, people[1]]),
      [
        ["role", 600, 9],
        ["role", 600, 7],
        ["inline", 600, 9],
      ],
    );

    // A person with an error, here by a choice that inline roles give twice, is not among those who are given something
    const choice = { id: "c", kind: "choice", label: "C", options: ["u", "v"].map((id) => ({ id, label: id })) };
    const twice = open(
      tools.compile({
        format: 1,
        id: "twice",
        title: "Twice",
        version: "1",
        privileges: [{ id: "x", kind: "flag", label: "X" }, choice],
        roles: [{ id: "r", label: "R", grants: { x: true } }],
        operations: [
          { id: "open", label: "Open", requires: "x" },
          { id: "other", label: "Other", requires: "c = u" },
        ],
      }),
    );
    const clash = { roles: ["r", { c: "u" }, { c: "v" }] };
    const faulty = tools.population(twice, [{ roles: ["r"] }, clash, { roles: ["r"] }]);
    assert.deepEqual(
      faulty.errors.map(({ row }) => row),
      [1],
    );
    assert.deepEqual(faulty.givers("open"), [{ by: "role", role: "r", people: [0, 2] }]);
    assert.deepEqual(
      [0, 1, 2].map((row) => faulty.matrix({ through: "r" }).get(row, 0)),
      [true, false, true],
    );
  });
});
