import { join } from "node:path";
import { app, counted, program, scratch, sh } from "../lib.mjs";

/** Without permissions: neither the core nor the studio reads files. */
export async function deno() {
  scratch("deno", { "main.mjs": 'import { run } from "../suite.mjs";\nconsole.log("cases:", await run());\n' });
  const env = { DENO_DIR: join(app, ".deno"), DENO_NO_UPDATE_CHECK: "1" };
  return counted(
    await sh(process.execPath, [program("deno"), "run", "--node-modules-dir=manual", "--no-prompt", "deno/main.mjs"], {
      env,
    }),
  );
}
