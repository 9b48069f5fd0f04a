// Next.js: server components in the app router, built for production by Turbopack and by webpack.
import { spawn } from "node:child_process";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { app, here, link, program, scratch, sh, tabs } from "../lib.mjs";

const page = `import { open } from "privet";
import { pack as contact } from "privet/policies/contact";
import { pack } from "privet/policies/vicidial";
import { Can, Menu } from "privet/react";
import { dehydrate } from "privet/ssr";
import { studio } from "privet/studio";
import { Session } from "./session.jsx";
export const dynamic = "force-dynamic";
export default async function Page() {
  const session = open(pack).session({ facts: { "email-allowed": true } });
  const ann = open(contact).session({ grants: { reports: "view-only" } });
  return (
    <>
      <p>{(await studio()).explain(session, "email-accounts.open").sentence}</p>
      <main>
        <Session value={dehydrate(ann)}>
          <Menu />
          <Can do="item.reports.view">reports</Can>
          <Can do="data.reports.manage" fallback={<p>read only</p>}>manage</Can>
          <Can do="data.reports.manage" disabled reason="ask">
            <button type="button">Open</button>
          </Can>
        </Session>
      </main>
    </>
  );
}
`;
/** A client component that restores the session of the server, as docs/frameworks.md has it. */
const session = `"use client";
import { useEffect, useMemo } from "react";
import { open } from "privet";
import { pack } from "privet/policies/contact";
import { PrivetProvider } from "privet/react";
import { hydrate } from "privet/ssr";
const policy = open(pack);
export function Session({ value, children }) {
  useEffect(() => {
    globalThis.hydrated = true;
  }, []);
  const session = useMemo(() => hydrate(policy, value), [value]);
  return <PrivetProvider session={session}>{children}</PrivetProvider>;
}
`;
const layout = `export default function Layout({ children }) {
  return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;
}
`;
const expected = "<p>Open Email Accounts: denied, because Modify Email Accounts is not granted.</p>";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** The text of a page, once the server answers. */
async function text(url, left = 100) {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    if (left === 0) throw error;
    await new Promise((later) => setTimeout(later, 100));
    return text(url, left - 1);
  }
}

/** Builds an app and asks its page; `privet` is bundled like the code of the app. */
async function built(bundler) {
  const folder = scratch(`next-${bundler}`, {
    "package.json": '{ "private": true, "type": "module" }',
    "next.config.mjs": `export default { outputFileTracingRoot: ${JSON.stringify(join(here, "../../.."))}, turbopack: { root: ${JSON.stringify(join(here, "../../.."))} } };`,
  });
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "app/page.jsx"), page);
  writeFileSync(join(folder, "app/layout.jsx"), layout);
  writeFileSync(join(folder, "app/session.jsx"), session);
  link("react", "react-dom"); // for `privet/react`, which is a link to a folder of the project
  mkdirSync(join(folder, "node_modules"));
  for (const [name, from] of [
    ["privet", app],
    ["jose", app],
    ["next", here],
    ["react", here],
    ["react-dom", here],
  ])
    symlinkSync(realpathSync(join(from, "node_modules", name)), join(folder, "node_modules", name), "junction");
  const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const built = await sh(process.execPath, [program("next"), "build", `--${bundler}`], { cwd: folder, env });
  const port = await freePort();
  const server = spawn(process.execPath, [program("next"), "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  server.stderr.on("data", (data) => (output += data));
  try {
    const html = await text(`http://127.0.0.1:${port}/`);
    if (!html.includes(expected)) throw new Error(`${bundler}: ${html.slice(0, 500)}\n${output}\n${built}`);
    const [, rendered] = /<main>(.*?)<\/main>/s.exec(html);
    if (!/<li>Data.*reports<p>read only<\/p><button type="button" [^>]*aria-disabled="true"/s.test(rendered))
      throw new Error(`${bundler}: ${rendered}`);
    await tabs(`http://127.0.0.1:${port}/`, 1, async ([page]) => {
      await page.waitForFunction(() => globalThis.hydrated);
      const shown = await page.evaluate(() => document.querySelector("main").innerHTML);
      if (shown !== rendered) throw new Error(`${bundler}: the server rendered ${rendered}, the browser ${shown}`);
    });
  } finally {
    server.kill();
  }
}

export async function next() {
  await built("turbopack");
  await built("webpack");
  return "a server component that explains, and a client component with its session, built by Turbopack and by webpack";
}
