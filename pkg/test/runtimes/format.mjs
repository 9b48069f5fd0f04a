// Runs the conformance suite of the formats (`conformance/<format>`) through the package. Plain ESM without Node.js modules.

const words = ["granted", "effective"];

/** The difference of two JSON texts: the part of each from shortly before the first letter that differs. */
function difference(actual, expected) {
  let at = 0;
  while (at < actual.length && actual[at] === expected[at]) at++;
  const part = (text) => `${at > 20 ? "…" : ""}${text.slice(Math.max(0, at - 20), at + 120)}`;
  return `${part(actual)}\n  instead of ${part(expected)}`;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Decodes base64, also in engines without `atob`. */
function bytes(base64) {
  const text = base64.replace(/=+$/, "");
  const decoded = new Uint8Array((text.length * 3) >> 2);
  for (let at = 0, bits = 0; at < text.length; at++) {
    bits = ((bits << 6) | LETTERS.indexOf(text[at])) & 0xffffff;
    if (at & 3) decoded[(at * 3) >> 2] = bits >> (6 - 2 * (at & 3));
  }
  return decoded;
}

/** A menu item as a list, the form of the recorded results. */
export const item = ({ id, label, state, verbs, operations, children }) => [
  id,
  label,
  state,
  [...verbs],
  [...operations],
  children.map(item),
];

/** Each answer of a result, from a session. */
const answers = {
  operations: ({ policy, session }) =>
    policy.operations.map((id) => {
      const { decision, obligations } = session.decide(id);
      return [decision, [...obligations]];
    }),
  allowed: ({ session }) => [...session.allowed()],
  menu: ({ session }) => session.menu().map(item),
  holds: ({ policy, session }) => policy.privileges.map((id) => words.map((which) => session.holds(id)[which] ?? null)),
  from: ({ policy, session }) => policy.privileges.map((id) => session.holds(id).from),
  token: ({ session }) => session.token(),
  subject: ({ session }) => session.subject(),
  validUntil: ({ session }) => session.validUntil ?? null,
  inputs: ({ policy, session }) => policy.operations.map((id) => session.inputs(id)),
  snapshot: ({ session }) => session.snapshot(),
};

/** Counts comparisons and throws at the first difference. */
class Comparison {
  count = 0;

  same(actual, expected, about) {
    this.count++;
    const [a, b] = [actual, expected].map((value) => JSON.stringify(value) ?? "undefined");
    if (a !== b) throw new Error(`${about()}:\n  ${difference(a, b)}`);
  }

  /** What `create` returns, or nothing if it is refused. Compares the error, if there is one or one is expected. */
  created(create, expected, about) {
    let made;
    let error;
    try {
      made = create();
    } catch (thrown) {
      if (typeof thrown?.code !== "string") throw new Error(`${about()}:\n  ${thrown}`, { cause: thrown });
      // An error that is about no id has none, or an empty one
      error = { code: thrown.code, id: thrown.id ?? "" };
    }
    this.same(error ?? "no error", expected ?? "no error", about);
    return made;
  }

  /** Compares a session with a result, answer by answer and list by list. */
  session(policy, create, is, about) {
    const session = this.created(() => create(), is.error, about);
    if (!session) return undefined;
    for (const [key, expected] of Object.entries(is)) {
      const of = (place) => () => `${key}${place} of ${about()}`;
      const actual = this.created(() => answers[key]({ policy, session }), undefined, of(""));
      if (!Array.isArray(expected)) {
        this.same(actual, expected, of(""));
        continue;
      }
      this.same(actual.length, expected.length, of(", the length"));
      for (const [place, part] of expected.entries()) this.same(actual[place], part, of(` ${place}`));
    }
    return session;
  }
}

function checkPolicy({ why, pack, cases, unknown }, open, compare) {
  const policy = open(bytes(pack));
  for (const { why: reason, subject, now, is, changes = [], tokens = [] } of cases) {
    const about = () => `${why}: ${reason ?? "a case"}: ${JSON.stringify(subject)}`;
    const session = compare.session(policy, () => policy.session(subject, { now }), is, about);
    for (const { change, is } of changes) {
      const after = () => `${JSON.stringify(change)} to ${about()}`;
      compare.session(policy, () => session.with(change), is, after);
    }
    for (const { token, facts, is } of tokens) {
      const restored = () => `token ${token} with ${JSON.stringify(facts)} of ${about()}`;
      compare.session(policy, () => policy.restore(token, facts), is, restored);
    }
  }
  const session = policy.session({});
  const ask = {
    operation: (id) => session.decide(id),
    privilege: (id) => session.holds(id),
    "menu item": (id) => session.verbs(id),
  };
  for (const [kind, id] of unknown)
    compare.created(
      () => ask[kind](id),
      { code: "unknown-id", id },
      () => `${why}: ${kind} ${JSON.stringify(id)}`,
    );
}

function checkPack({ why, pack, valid }, open, compare) {
  const refused = valid ? undefined : { code: "invalid-pack", id: "" };
  const policy = compare.created(
    () => open(bytes(pack)),
    refused,
    () => `pack: ${why}`,
  );
  if (!policy) return;
  // What is opened can be evaluated. The pack may have a choice for which the empty subject has a conflict.
  compare.created(
    () => {
      try {
        policy.session({});
      } catch (error) {
        if (error.code !== "conflicting-choice") throw error;
      }
    },
    undefined,
    () => `the empty subject, pack: ${why}`,
  );
}

function checkSnapshot({ why, snapshot, is }, read, compare) {
  const about = () => `snapshot: ${why}`;
  const reading = compare.created(() => read(snapshot), is.error, about);
  if (!reading) return;
  const operations = JSON.parse(snapshot)[3];
  compare.same(reading.fingerprint, is.fingerprint, about);
  compare.same(
    operations.filter((id) => reading.can(id)),
    is.allowed,
    about,
  );
  compare.same(reading.menu().map(item), is.menu, about);
  const carried = operations.map((id) => [id, reading.why(id)]).filter(([, why]) => why !== undefined);
  compare.same(Object.fromEntries(carried), is.why ?? {}, about);
  for (const id of ["", "no-operation", "toString"])
    for (const ask of [reading.can, reading.why]) compare.created(() => ask(id), { code: "unknown-id", id }, about);
}

/**
 * Runs the whole suite and returns the number of comparisons; throws at the first difference. `privet` and `read` are the
 * exports of `privet` and `privet/read`; the suite consists of the parsed files `{ packs, snapshots, policies }`.
 */
export function conformFormat({ privet, read }, { packs, snapshots, policies }) {
  const compare = new Comparison();
  const open = (pack) => privet.open(pack);
  for (const policy of policies) checkPolicy(policy, open, compare);
  for (const pack of packs) checkPack(pack, open, compare);
  for (const snapshot of snapshots) checkSnapshot(snapshot, read, compare);
  if (compare.count < 10_000) throw new Error(`only ${compare.count} comparisons`);
  return compare.count;
}
