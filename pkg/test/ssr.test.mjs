// Sessions in pages: the hydrated session has the decisions of the server, and no text can end the element.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const { dehydrate, embed, hydrate, json } = await load("privet/ssr");
const { read } = await load("privet/read");
const tools = await (await load("privet/studio")).studio();
const contact = open((await load("privet/policies/contact")).pack);

/** The text of the element, as an HTML parser reads it: up to the first end tag, without decoding. */
function textOf(html) {
  const [, text, rest] = /^<script type="application\/json" id="[\w-]+">([\s\S]*?)<\/script>([\s\S]*)$/i.exec(html);
  assert.equal(rest, "");
  return text;
}

test("a hydrated session has the decisions of the server", () => {
  const subject = { roles: ["supervisor"], grants: { "routing-flows": "modify" } };
  for (const facts of [{}, { "flow-editor": true }, { "flow-editor": false }, { "flow-editor": null }]) {
    const session = contact.session({ ...subject, facts });
    const text = textOf(embed(session));
    for (const source of [text, { textContent: text }]) {
      const hydrated = hydrate(contact, source);
      for (const id of contact.operations) assert.deepEqual(hydrated.decide(id), session.decide(id), id);
      assert.deepEqual(hydrated.menu(), session.menu());
    }
    assert.ok(text.length < 300, text);
  }
});

test("a session as a plain value", () => {
  const facts = { "flow-editor": true };
  const session = contact.session({ roles: ["supervisor"], facts });
  const value = dehydrate(session);
  const { version, fingerprint } = contact;
  assert.deepEqual(value, { version, fingerprint, token: session.token(), facts });
  assert.deepEqual(JSON.parse(textOf(embed(session))), value);
  assert.deepEqual(hydrate(contact, structuredClone(value)).allowed(), session.allowed());
  const ending = contact.session({ grants: { reports: { value: "modify", until: 2_000 } } }, { now: 1_000 });
  assert.equal(dehydrate(ending).validUntil, 2_000); // a token does not say it
  assert.throws(() => hydrate(contact, { ...value, token: undefined }), { code: "invalid-token" });
  assert.throws(() => hydrate(contact, { ...value, facts: { "flow-edtor": true } }), { code: "unknown-id" });
});

const hostile = [
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "]]>",
  "&lt;\u2028\u2029'\"\\`\u0024{alert(1)}",
  "\u0000\ud800<",
];

test("hostile text stays in its element and round-trips", () => {
  for (const text of hostile) {
    const value = { [text]: text, list: [text] };
    const written = json(value);
    assert.doesNotMatch(written, /[<>&\u2028\u2029]/);
    assert.deepEqual(JSON.parse(written), value);
    assert.deepEqual(new Function(`return ${written}`)(), value);
  }
  assert.throws(() => json(undefined), { name: "TypeError", message: "the value cannot be written as JSON" });
});

test("a snapshot with hostile labels round-trips", () => {
  const policy = open(
    tools.compile({
      format: 1,
      id: "hostile",
      title: hostile.slice(0, 4).join(""),
      version: hostile[0],
      privileges: [{ id: "edit", kind: "flag", label: hostile[0] }],
      menu: hostile.slice(0, 4).map((label, index) => ({ id: `item-${index}`, label })),
      operations: hostile
        .slice(0, 4)
        .map((label, index) => ({ id: `do-${index}`, label, menu: [`item-${index}`], requires: "edit" })),
    }),
  );
  const session = policy.session({ grants: { edit: true } });
  const written = json(session.snapshot());
  assert.doesNotMatch(written, /[<>&\u2028\u2029]/);
  assert.deepEqual(read(JSON.parse(written)).menu(), session.menu());
  assert.deepEqual(hydrate(policy, textOf(embed(session))).menu(), session.menu());
});

test("the id of the element cannot contain markup", () => {
  assert.match(embed(contact.session(), "my-session_1"), /^<script type="application\/json" id="my-session_1">/);
  for (const id of ['"><script>', "", "a b", "é"])
    assert.throws(() => embed(contact.session(), id), { code: "invalid-options" });
});

test("a page of another version, or without a session, is refused", () => {
  const text = textOf(embed(contact.session()));
  const other = textOf(embed(open(tools.compile({ format: 1, id: "other", title: "", version: "7" })).session()));
  assert.throws(() => hydrate(contact, other), {
    code: "stale-token",
    message: `the page was rendered with version 7 of the policy, here is version ${contact.version}; reload it`,
  });
  for (const wrong of [
    null,
    "",
    "null",
    "[]",
    "{}",
    text.slice(1),
    { textContent: null },
    json({ version: contact.version }),
  ]) {
    assert.throws(() => hydrate(contact, wrong), {
      code: "invalid-token",
      message: "the page has no session; write one with `embed`",
    });
  }
  const facts = (more) => json({ ...JSON.parse(text), facts: more });
  assert.throws(() => hydrate(contact, facts(JSON.parse('{ "__proto__": true }'))), {
    code: "unknown-id",
    id: "__proto__",
  });
  assert.throws(() => hydrate(contact, facts({ constructor: true })), { code: "unknown-id", id: "constructor" });
});
