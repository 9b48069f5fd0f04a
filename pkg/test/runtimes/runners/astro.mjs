// Astro: middleware guards pages that are rendered on demand, by the adapter for Node.js.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { app, freePort, link, program, scratch, sh } from "../lib.mjs";

const between = { issuer: "https://issuer.example", audience: "https://app.example" };
const files = (jwks) => ({
  "package.json": '{ "private": true, "type": "module" }',
  "astro.config.mjs": `import node from "@astrojs/node";
export default { output: "server", adapter: node({ mode: "standalone" }), devToolbar: { enabled: false } };
`,
  "src/guarded.js": `import { open } from "privet";
import { guard, tokenFromCookie } from "privet/edge";
import { pack } from "privet/policies/contact";
export const guarded = guard({
  ...${JSON.stringify(between)},
  policies: [open(pack)],
  keys: ${JSON.stringify(jwks)},
  algorithms: ["ES256"],
  token: tokenFromCookie("token"),
});
`,
  "src/middleware.js": `import { guardMiddleware } from "privet/astro";
import { guarded } from "./guarded.js";
const needed = { "/": null, "/reports": "item.reports.view" };
export const onRequest = guardMiddleware(guarded, ({ routePattern }) => needed[routePattern] ?? null, {
  otherwise: (problem, context) => context.redirect(\`/?\${problem.code}\`),
});
`,
  "src/pages/index.astro": `---
const { privet: session } = Astro.locals;
---
{session?.can("item.reports.view") ? <a href="/reports">Reports</a> : <p>Ask for access to reports.</p>}
`,
  "src/pages/reports.astro": "<h1>Reports</h1>\n",
});

export async function astro() {
  const load = (file) => import(pathToFileURL(join(app, "node_modules", file)).href);
  const { SignJWT, exportJWK, generateKeyPair } = await load("jose/dist/webapi/index.js");
  const { open } = await load("privet/dist/entries/core-inline.js");
  const { issue } = await load("privet/dist/entries/edge.js");
  const { pack } = await load("privet/dist/policies/contact.js");
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const cookieOf = async (subject) => {
    const claims = { ...issue(open(pack).session(subject)), iss: between.issuer, aud: between.audience };
    const token = new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).setExpirationTime("1h");
    return `token=${await token.sign(privateKey)}`;
  };
  link("astro", "@astrojs/node");
  const root = scratch("astro");
  for (const [file, text] of Object.entries(files({ keys: [await exportJWK(publicKey)] }))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  await sh(process.execPath, [program("astro"), "build", "--silent"], {
    cwd: root,
    env: { ASTRO_TELEMETRY_DISABLED: "1" },
    seconds: 300,
  });
  const port = await freePort();
  const server = spawn(process.execPath, ["dist/server/entry.mjs"], {
    cwd: root,
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port) },
    stdio: "ignore",
  });
  const ask = async (path, cookie, left = 200) => {
    try {
      const headers = cookie ? { cookie } : {};
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: "manual" });
      return [
        answer.status,
        answer.headers.get("location"),
        /Reports<\/(?:a|h1)>|Ask for access/.exec(await answer.text())?.[0],
      ];
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((later) => setTimeout(later, 50));
      return ask(path, cookie, left - 1);
    }
  };
  try {
    const ann = await cookieOf({ grants: { reports: "view-only" } });
    assert.deepEqual(await ask("/"), [200, null, "Ask for access"]);
    assert.deepEqual(await ask("/", ann), [200, null, "Reports</a>"]);
    assert.deepEqual(await ask("/reports", ann), [200, null, "Reports</h1>"]);
    assert.deepEqual((await ask("/reports")).slice(0, 2), [302, "/?missing-token"]);
    assert.deepEqual((await ask("/reports", await cookieOf({}))).slice(0, 2), [302, "/?denied"]);
  } finally {
    server.kill();
  }
  return "middleware that guards pages, in the adapter for Node.js";
}
