// Test runners in their default configuration.
import { program, scratch, sh, app } from "../lib.mjs";

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
