// Test runners in their default configuration.
import { join } from "node:path";
import { app, link, program, require, scratch, sh } from "../lib.mjs";

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

/** Jest's default, CommonJS: it transforms the package as it transforms the tests, as README says. */
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
