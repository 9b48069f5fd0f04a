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
