// Test runners in their default configuration.
import { join } from "node:path";
import { app, link, manifest, program, require, scratch, sh } from "../lib.mjs";

/** The entries that have CommonJS. */
const commonJs = Object.entries(manifest.exports)
  .filter(([entry, { require }]) => require && !entry.includes("*"))
  .map(([entry]) => entry.replace(/^\./, "privet"));

const body =
  'import { run } from "../suite.mjs";\ntest("the cases", async () => expect(await run()).toBeGreaterThan(100), 60_000);\n';

export async function vitest() {
  const folder = scratch("vitest", { "suite.test.mjs": body });
  await sh(process.execPath, [program("vitest"), "run", "--globals", "--root", folder], { env: { CI: "true" } });
  return "1 test";
}

export async function jest() {
  const config = {
    rootDir: app,
    testMatch: ["<rootDir>/jest/*.test.mjs"],
    transform: {},
    moduleFileExtensions: ["js", "mjs"],
  };
  scratch("jest", { "suite.test.mjs": body, "config.json": JSON.stringify(config) });
  const env = { NODE_OPTIONS: "--experimental-vm-modules --no-warnings" };
  await sh(process.execPath, [program("jest"), "--config", "jest/config.json", "--ci", "--runInBand", "--no-cache"], {
    env,
  });
  return "1 test";
}

/** Jest without any configuration: tests are CommonJS, ES modules are transformed by babel-jest, and the package is required as it is. */
export async function jestDefault() {
  const required = `const { open, createStore } = require("privet");
const { liveStore } = require("privet/live");
const { PrivetProvider, Can, useWhy } = require("privet/react");
const { why } = require("privet/why");
const { pack } = require("privet/policies/contact");
const { createElement: h } = require("react");
const { renderToString } = require("react-dom/server");
const { UnknownIdError } = require("privet");
const session = open(pack).session({ grants: { reports: "view-only" } });
const Reason = () => useWhy("data.reports.manage").reasons[0].code;
test("components", () => {
  const page = (content) => renderToString(h(PrivetProvider, { session, why }, content));
  expect(page(h(Can, { do: "item.reports.view" }, "reports"))).toBe("reports");
  expect(page(h(Can, { do: "data.reports.manage" }, "reports"))).toBe("");
  expect(page(h(Reason))).toBe("too-low");
});
test("classes are the same in every entry", () => {
  expect(() => why(session, "nothing")).toThrow(UnknownIdError);
  expect(liveStore(session.policy, { session }).get()).toBe(session);
  expect(createStore(session).get()).toBe(session);
  const { dehydrate, hydrate } = require("privet/ssr");
  expect(hydrate(session.policy, dehydrate(session)).allowed()).toEqual(session.allowed());
  expect(require("privet/read").read(session.snapshot()).can("item.reports.view")).toBe(true);
  expect(require("privet/js").open(pack).session({ grants: { reports: "view-only" } }).allowed()).toEqual(session.allowed());
});
test("the studio", async () => {
  const { messages } = require("privet/messages/de");
  const tools = await require("privet/studio").studio({ messages });
  expect(tools.explain(session, "data.reports.manage").sentence).toMatch(/nicht/);
});
test.each(${JSON.stringify(commonJs)})("%s is CommonJS", (entry) => {
  expect(Object.keys(require(entry)).length).toBeGreaterThan(0);
});
`;
  const inPage = `/** @jest-environment jsdom */
const { open, createStore } = require("privet");
const { PrivetProvider, Can } = require("privet/react");
const { pack } = require("privet/policies/contact");
const { act, createElement: h } = require("react");
const { createRoot } = require("react-dom/client");
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
test("a page follows its store, and the studio loads", async () => {
  const policy = open(pack);
  const store = createStore(policy.session());
  const place = document.createElement("div");
  await act(() => createRoot(place).render(h(PrivetProvider, { store }, h(Can, { do: "item.reports.view" }, "reports"))));
  expect(place.textContent).toBe("");
  await act(() => store.set(policy.session({ grants: { reports: "view-only" } })));
  expect(place.textContent).toBe("reports");
  const tools = await require("privet/studio").studio();
  expect(tools.explain(store.get(), "item.reports.view").decision).toBe("allowed");
});
`;
  const transformed = `import { open } from "privet";
import { PrivetProvider, Can } from "privet/react";
import { pack } from "privet/policies/contact";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
test("a component", () => {
  const session = open(pack).session({ grants: { reports: "view-only" } });
  expect(renderToString(h(PrivetProvider, { session }, h(Can, { do: "item.reports.view" }, "reports")))).toBe("reports");
});
`;
  link("react", "react-dom", "vue", "solid-js", "jest-environment-jsdom");
  const babel = { plugins: [require.resolve("@babel/plugin-transform-modules-commonjs")] };
  let passed = 0;
  for (const folder of [
    scratch("jest-default", { "required.test.js": required, "page.test.js": inPage, "package.json": "{}" }),
    // An application's configuration of Babel
    scratch("jest-babel", {
      "a.test.js": transformed,
      "package.json": "{}",
      "babel.config.json": JSON.stringify(babel),
    }),
  ]) {
    const printed = await sh(process.execPath, [program("jest"), "--ci", "--runInBand", "--no-cache"], { cwd: folder });
    passed += Number(/Tests: +(\d+) passed/.exec(printed)[1]);
  }
  return `${passed} tests`;
}

/** Jest's default where it transforms the package as it transforms the tests. */
export async function jestCommonJs() {
  const babel = { presets: [], plugins: [require.resolve("@babel/plugin-transform-modules-commonjs")] };
  const config = {
    rootDir: join(app, "jest-commonjs"),
    testMatch: ["<rootDir>/*.test.js"],
    transform: { "\\.m?js$": [require.resolve("babel-jest"), babel] },
    transformIgnorePatterns: ["/node_modules/(?!(privet|jose)/)"],
  };
  const test = `import { open } from "privet";
import { liveStore } from "privet/live";
import { PrivetProvider, Can } from "privet/react";
import { pack } from "privet/policies/contact";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
test("a component", () => {
  const session = open(pack).session({ grants: { reports: "view-only" } });
  expect(liveStore(session.policy, { session }).get()).toBe(session);
  const page = h(PrivetProvider, { session }, h(Can, { do: "item.reports.view" }, "reports"));
  expect(renderToString(page)).toBe("reports");
});
`;
  scratch("jest-commonjs", {
    "component.test.js": test,
    "package.json": "{}",
    "jest.config.json": JSON.stringify(config),
  });
  link("react", "react-dom");
  const args = ["--config", "jest-commonjs/jest.config.json", "--ci", "--runInBand", "--no-cache"];
  await sh(process.execPath, [program("jest"), ...args]);
  return "1 test";
}

const policyTests = {
  "shop.privet.jsonc": JSON.stringify({
    format: 1,
    id: "shop",
    title: "Shop",
    version: "1",
    privileges: [{ id: "refund", kind: "flag", label: "Refund" }],
    operations: [{ id: "returns.refund", label: "Refund an order", requires: "refund" }],
  }),
  "shop.privet-test.jsonc": JSON.stringify({
    cases: [
      { name: "a refund", subject: { grants: { refund: true } }, expect: { allowed: ["returns.refund"] } },
      { name: "nobody", subject: {}, expect: { denied: ["returns.refund"] } },
    ],
    properties: [{ nobodyMay: "returns.refund", without: "refund" }],
  }),
  "wrong.privet-test.jsonc": JSON.stringify({
    policy: "shop.privet.jsonc",
    cases: [{ name: "wrong", subject: {}, expect: { allowed: ["returns.refund"] } }],
  }),
  "package.json": "{}",
};

/** Runs a command that must pass four tests, and fail one if the file of wrong tests is among those that it runs. */
async function policyTestsBy(command, args, folder, env) {
  const good = await sh(command, [...args, "good"], { cwd: folder, env });
  if (!/4 passed/.test(good)) throw new Error(good);
  const wrong = await sh(command, [...args, "wrong"], { cwd: folder, env }).then(
    () => undefined,
    (error) => String(error.message ?? error),
  );
  if (!/expected allowed/.test(wrong ?? "")) throw new Error(`a wrong case is no failure: ${wrong}`);
  return "4 tests, and one that fails";
}

/** `policyTest` in Vitest. */
export async function vitestPolicies() {
  const test = (name) => `import { describe, test } from "vitest";
import { policyTest } from "privet/test";
policyTest(new URL("./${name}.privet-test.jsonc", import.meta.url), { describe, test, minCoverage: ${name === "shop" ? 100 : 0} });
`;
  const folder = scratch("vitest-policies", {
    ...policyTests,
    "good.test.mjs": test("shop"),
    "wrong.test.mjs": test("wrong"),
  });
  return policyTestsBy(process.execPath, [program("vitest"), "run", "--root", folder], folder, { CI: "true" });
}

/** `policyTest` in Jest without any configuration: tests are CommonJS there. */
export async function jestPolicies() {
  const test = (name) => `const { join } = require("node:path");
const { policyTest } = require("privet/test");
policyTest(join(__dirname, "${name}.privet-test.jsonc"), { minCoverage: ${name === "shop" ? 100 : 0} });
`;
  const folder = scratch("jest-policies", {
    ...policyTests,
    "good.test.js": test("shop"),
    "wrong.test.js": test("wrong"),
  });
  return policyTestsBy(process.execPath, [program("jest"), "--ci", "--runInBand"], folder);
}
