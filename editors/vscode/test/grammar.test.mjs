// The grammar: requirements within JSON with comments, by the libraries with which the editor reads grammars.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);
const grammarAt = (path) => textmate.parseRawGrammar(readFileSync(new URL(path, import.meta.url), "utf8"), path);
await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));

/** JSON with comments, with the scopes that the editor's own grammar gives what the injection looks for. */
const JSONC = {
  scopeName: "source.json.comments",
  patterns: [{ include: "#value" }],
  repository: {
    value: {
      patterns: [
        { include: "#comment" },
        { include: "#object" },
        { include: "#list" },
        { include: "#string" },
        { name: "constant.json.comments", match: "[\\w.+-]+" },
      ],
    },
    comment: { name: "comment.line.double-slash.js", match: "//.*" },
    list: { name: "meta.structure.array.json.comments", begin: "\\[", end: "\\]", patterns: [{ include: "#value" }] },
    object: {
      name: "meta.structure.dictionary.json.comments",
      begin: "\\{",
      end: "\\}",
      patterns: [
        { include: "#comment" },
        { name: "string.json.comments support.type.property-name.json.comments", begin: '"', end: '"' },
        {
          name: "meta.structure.dictionary.value.json.comments",
          begin: ":",
          end: "(?=,)|(?=\\})",
          patterns: [{ include: "#value" }],
        },
      ],
    },
    string: {
      name: "string.quoted.double.json.comments",
      begin: '"',
      end: '"',
      patterns: [{ match: "\\\\.", name: "constant.character.escape.json.comments" }],
    },
  },
};

const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) =>
    ({
      "source.json.comments": textmate.parseRawGrammar(JSON.stringify(JSONC), "jsonc.json"),
      "source.privet.requirement": grammarAt("../syntaxes/requirement.tmLanguage.json"),
      "inline.privet.requirement": grammarAt("../syntaxes/injection.tmLanguage.json"),
    })[scope],
  getInjections: (scope) => (scope === "source.json.comments" ? ["inline.privet.requirement"] : []),
});
const grammar = await registry.loadGrammar("source.json.comments");

/** The tokens of a line that requirements have, as `TEXT: SCOPE`. */
function tokens(line) {
  const { tokens } = grammar.tokenizeLine(line, textmate.INITIAL);
  return tokens
    .filter(({ scopes }) => scopes.some((scope) => scope.endsWith(".privet")))
    .map(({ startIndex, endIndex, scopes }) => [line.slice(startIndex, endIndex).trim(), scopes.at(-1)])
    .filter(([text, scope]) => text !== "" && scope !== "meta.embedded.inline.privet")
    .map(([text, scope]) => `${text}: ${scope.replace(/\.privet$/, "")}`);
}

test("a requirement has the colours of its parts", () => {
  assert.deepEqual(
    tokens('{ "id": "a", "requires": "orders >= edit and not (refund or limit < 5)", "menu": ["x and y"] }'),
    [
      "orders: variable.other",
      ">=: keyword.operator.comparison",
      "edit: variable.other.enummember",
      "and: keyword.operator.logical",
      "not: keyword.operator.logical",
      "(: punctuation",
      "refund: variable.other",
      "or: keyword.operator.logical",
      "limit: variable.other",
      "<: keyword.operator.comparison",
      "5: constant.numeric",
      "): punctuation",
    ],
  );
  assert.deepEqual(
    tokens('{ "when": "desk in (left, right) or limit is set or true", "done" : "allowed(orders.list)" }'),
    [
      "desk: variable.other",
      "in: keyword.operator.logical",
      "(: punctuation",
      "left: variable.other",
      ",: punctuation",
      "right: variable.other",
      "): punctuation",
      "or: keyword.operator.logical",
      "limit: variable.other",
      "is set: keyword.operator.word",
      "or: keyword.operator.logical",
      "true: constant.language",
      "allowed: support.function",
      "(: punctuation.section.parens.begin",
      "orders.list: entity.name.function",
      "): punctuation.section.parens.end",
    ],
  );
});

test("ids with words of the language in them, escapes, subjects and faults are told apart", () => {
  assert.deepEqual(tokens('{ "requires": "not-or.and = in-x and before.level < actor.level" }'), [
    "not-or.and: variable.other",
    "=: keyword.operator.comparison",
    "in-x: variable.other.enummember",
    "and: keyword.operator.logical",
    "before.: variable.language",
    "level: variable.other",
    "<: keyword.operator.comparison",
    "actor.: variable.language",
    "level: variable.other",
  ]);
  assert.deepEqual(tokens('{ "requires": "a && b" }'), [
    "a: variable.other",
    "&: invalid.illegal",
    "&: invalid.illegal",
    "b: variable.other",
  ]);
  assert.equal(tokens('{ "requires": "\\u006frders" }')[0], "\\u006f: constant.character.escape.json.comments");
});

test("other strings, keys and comments keep their colours", () => {
  for (const line of [
    '{ "label": "a and b", "note": "requires" }',
    '// "requires": "a and b"',
    '{ "requires": 1 }',
    '["requires", "a and b"]',
  ])
    assert.deepEqual(tokens(line), [], line);
  // A string without an end does not reach into the next line
  const { ruleStack } = grammar.tokenizeLine('{ "requires": "a and', textmate.INITIAL);
  const next = grammar.tokenizeLine('"label": "b and c" }', ruleStack);
  assert.ok(next.tokens.every(({ scopes }) => !scopes.includes("meta.embedded.inline.privet")));
});
