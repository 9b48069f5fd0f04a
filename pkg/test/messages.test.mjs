// Other languages: the catalogues of the package, the German sentences that Rust gives too, labels, and invalid ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { load } from "./support/package.mjs";
import { builtIn, openPolicy, privet, tools } from "./support/policies.mjs";
import { queriesOf } from "./support/questions.mjs";

const { studio } = await load("privet/studio");
const { messages: german } = await load("privet/messages/de");
const { messages: english } = await load("privet/messages/en");
const json = (file) => JSON.parse(readFileSync(new URL(`../../tests/${file}`, import.meta.url), "utf8"));

/** All sentences of an answer, once each, in the order of letters. */
function sentences(answer, found = new Set()) {
  if (answer === null || typeof answer !== "object") return found;
  if (typeof answer.sentence === "string") found.add(answer.sentence);
  for (const part of Object.values(answer)) sentences(part, found);
  return found;
}

describe("german.json", async () => {
  const queries = queriesOf(await studio({ messages: german }));
  const expected = json("german.json");
  const questions = json("cases/questions.json").flatMap(({ policy, questions }) =>
    questions.filter((question) => question.answer).map((question) => ({ policy, ...question })),
  );
  const found = questions
    .map((question) => {
      const answer = queries[question.ask](openPolicy(question.policy), question, question.policy);
      return { why: question.why, sentences: [...sentences(answer)].sort() };
    })
    .filter(({ sentences }) => sentences.length > 0);
  for (const [index, { why, sentences }] of expected.entries()) {
    test(why, () => assert.deepEqual(found[index], { why, sentences }));
  }
  test("no other question has sentences", () => assert.equal(found.length, expected.length));
});

test("German has each message of English, and English is what the studio says by default", async () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
  const session = builtIn.vicidial.session({ grants: { "user-level": "8" } });
  const explained = (await studio({ messages: english })).explain(session, "email-accounts.open");
  assert.deepEqual(explained, tools.explain(session, "email-accounts.open"));
});

test("studios of several languages exist at once, and a message that is not given stays English", async () => {
  const session = builtIn.dotdigital.session({ grants: { "contact-exporter": true } });
  const french = await studio({ messages: { quoted: "« {label} »", grant: "accorder « {label} »" } });
  assert.equal(french.fixes(session, "contacts.export").fixes[0].sentence.includes("Accorder « Contacts »"), true);
  assert.equal(
    french.dormant(session)[0].sentence,
    "Contact exporter is granted but has no effect while Contacts is not granted.",
  );
  assert.equal(
    (await studio({ messages: german })).dormant(session)[0].sentence,
    "„Contact exporter“ ist erteilt, aber wirkungslos, denn „Contacts“ ist nicht erteilt.",
  );
  assert.equal(await studio(), tools);
  assert.equal(await studio({}), tools);
});

test("labels stand in answers; packs and sessions stay as they are", async () => {
  const { vicidial } = builtIn;
  const labels = {
    facts: { "email-allowed": "E-Mail" },
    places: { "email-allowed": "Verwaltung > System" },
    privileges: { "modify-email-accounts": "E-Mail-Konten ändern" },
    operations: { "email-accounts.open": "E-Mail-Konten öffnen" },
    menu: { "email-accounts": "E-Mail-Konten" },
    values: { "user-level": { 8: "acht" } },
  };
  const labelled = await studio({ messages: german, labels });
  const session = vicidial.session({ grants: { "user-level": "8" }, facts: { "email-allowed": false } });
  const why = labelled.explain(session, "email-accounts.open");
  assert.equal(
    why.sentence,
    "E-Mail-Konten öffnen: nicht erlaubt, denn „E-Mail-Konten ändern“ ist nicht erteilt und „E-Mail“ ist aus (Verwaltung > System).",
  );
  assert.deepEqual(
    why.args.reasons.map(({ code, label, needed }) => [code, label, needed]),
    [
      ["not-granted", "E-Mail-Konten ändern", "erteilt"],
      ["off", "E-Mail", "an"],
    ],
  );
  const described = labelled.describe(vicidial);
  assert.equal(described.menu.find(({ id }) => id === "email-accounts").label, "E-Mail-Konten");
  assert.equal(described.fingerprint, vicidial.fingerprint);
  assert.deepEqual(labelled.compile(readPolicy("vicidial")), tools.compile(readPolicy("vicidial")));
});

const readPolicy = (id) => readFileSync(new URL(`../../src/policies/${id}.jsonc`, import.meta.url), "utf8");

test("invalid messages and labels are errors that say what is meant", async () => {
  const refused = (options, message) =>
    assert.rejects(studio(options), (error) => {
      assert.ok(error instanceof privet.InvalidOptionsError);
      assert.deepEqual([error.code, error.message], ["invalid-options", message]);
      return true;
    });
  await refused({ messages: { qouted: "" } }, "unknown message `qouted`; did you mean `quoted`?");
  await refused({ messages: { quoted: "{lable}" } }, "message `quoted` has no argument `lable`; did you mean `label`?");
  await refused({ messages: [] }, "`messages` is not an object; pass texts by id");
  await refused({ messages: new Map() }, "`messages` is not an object; pass texts by id");
  await refused({ labels: { fact: {} } }, "unknown kind `fact` in `labels`; did you mean `facts`?");
  await refused({ labels: { facts: { x: 1 } } }, "label `facts/x` is `1`; pass texts by kind and id");
  await assert.rejects(studio({ message: {} }), {
    code: "invalid-options",
    message: "unknown option `message`; `source`, `messages` or `labels` can be given",
  });
  const misspelt = await studio({ labels: { facts: { "email-alowed": "E-Mail" } } });
  assert.throws(() => misspelt.describe(builtIn.vicidial), {
    code: "invalid-options",
    message: "unknown id `email-alowed` in `labels.facts`; did you mean `email-allowed`?",
  });
});
