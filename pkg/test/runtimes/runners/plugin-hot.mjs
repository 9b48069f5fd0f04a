// webpack and Rspack replace a policy while a page is open: their watchers and their runtimes, as their dev servers use them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import webpack from "webpack";
import { scratch, serving, tabs } from "../lib.mjs";
import { edited, FOLLOWERS, files, pluginOf } from "./plugins.mjs";

const PAGE =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><p id="out"></p><script src="dist/main.js"></script>';
/** The part of a dev server's client that asks for updates until there are no more; a dev server calls it by a socket. */
const CLIENT = `const { fetch } = globalThis;
globalThis.fetch = (url, options) => fetch(url, { ...options, cache: "no-store" }); // an update that is not there yet comes later
globalThis.update = async () => { while (await import.meta.webpackHot.check(true)); };
`;

/** Each way in which an application follows its policy, but for `import.meta.hot`, which Vite alone has, and for loading the page again. */
export async function pluginHot() {
  const { accept: _, nobody: __, ...followers } = FOLLOWERS;
  for (const [bundlerName, bundler] of Object.entries({ webpack, rspack }))
    for (const [name, main] of Object.entries(followers)) await scene(bundlerName, bundler, name, main);
  return `webpack, rspack: ${Object.keys(followers).join(", ")}`;
}

async function scene(bundlerName, bundler, name, main) {
  const label = `${bundlerName} ${name}`;
  const plugin = await pluginOf(bundlerName);
  const root = scratch(`plugin-hot-${bundlerName}-${name}`, {
    ...files,
    "main.js": main,
    "client.js": CLIENT,
    "index.html": PAGE,
  });
  const compiler = bundler({
    context: root,
    mode: "development",
    devtool: false,
    entry: ["./client.js", "./main.js"],
    output: { path: join(root, "dist"), publicPath: "dist/" },
    devServer: { hot: true },
    plugins: [new bundler.HotModuleReplacementPlugin(), plugin()],
  });
  const builds = builder(compiler);
  try {
    assert.equal(await builds.next(), "", label);
    await serving(
      root,
      (url) =>
        tabs(
          url,
          1,
          async ([page]) => {
            // A dev server asks the page to update after each build, of which there may be several
            const shows = async (text) => {
              const end = Date.now() + 20_000;
              for (;;) {
                const fault = builds.isRunning()
                  ? "it is being built"
                  : await page.evaluate(() => globalThis.update()).catch(({ message }) => message);
                const shown = await page.textContent("#out").catch(() => undefined);
                if (shown === text) return;
                if (Date.now() > end) throw new Error(`${label}: not ${text} but ${shown}; ${fault}`);
                await new Promise((resolve) => setTimeout(resolve, 100));
              }
            };
            const stays = async () => assert.equal(await page.evaluate(() => globalThis.marker), 1, label);
            const failed = async () => {
              assert.match(await builds.fault(), /unknown fact, condition or privilege `patient`/, label);
              await shows("patients.edit");
            };
            await edited(root, page, { shows, stays, failed });
          },
          { ignores: /404/ },
        ), // the answer that there is no other update
    );
  } finally {
    await builds.close();
  }
}

/** The builds of a watching compiler, one by one: its errors as a text. */
function builder(compiler) {
  const done = [];
  let waiting;
  let isRunning = true;
  compiler.hooks.watchRun.tap("test", () => {
    isRunning = true;
  });
  const watching = compiler.watch({ aggregateTimeout: 20, poll: 50 }, (error, stats) => {
    isRunning = false;
    const result = error ? error.message : stats.toString({ all: false, errors: true });
    if (waiting) waiting(result);
    else done.push(result);
    waiting = undefined;
  });
  const next = () =>
    done.length > 0
      ? Promise.resolve(done.shift())
      : new Promise((resolve, reject) => {
          const late = setTimeout(() => reject(new Error("no build within 30 seconds")), 30_000);
          waiting = (result) => {
            clearTimeout(late);
            resolve(result);
          };
        });
  return {
    next,
    isRunning: () => isRunning,
    /** The errors of the next build that has some. */
    async fault() {
      for (;;) {
        const result = await next();
        if (result) return result;
      }
    },
    close: () => new Promise((resolve) => watching.close(() => compiler.close(() => resolve()))),
  };
}
