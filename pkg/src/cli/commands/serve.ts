// `privet serve`: the permission preview on a policy, reloaded when it is saved.
import { spawn } from "node:child_process";
import type { Command } from "commander";
import { tell, write, type Status } from "../command.js";
import { EXIT, Fault } from "../faults.js";
import { readServed, watchFiles, type Served } from "../serve/policy.js";
import { servePreview } from "../serve/server.js";
import { coloursOf } from "../terminal.js";

interface Options {
  readonly port: string;
  readonly open?: boolean;
}

/** Declares `serve`. */
export function serve(program: Command): void {
  program
    .command("serve")
    .description("serve the permission preview of a policy document on this machine, and reload it on save")
    .argument("<file>", "policy document")
    .option("--port <port>", "the port; 0 is any free one", "4747")
    .option("--open", "open the page in the browser")
    .addHelpText(
      "after",
      "\nExamples:\n  $ privet serve shop.privet.jsonc --open\n  $ privet serve shop.privet.jsonc --port 0",
    )
    .action(async (path: string, options: Options) => {
      process.exitCode = await run(path, options);
    });
}

async function run(path: string, { port, open }: Options): Promise<Status> {
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535) throw new Fault(`\`${port}\` is no port; give a number from 0 to 65535`);
  if (path === "-") throw new Fault("standard input is not watched; give a file");
  let { served, files } = await readServed(path);
  if ("fault" in served && served.isUnreadable) throw new Fault(served.fault, "unreadable");
  const server = await servePreview(number, () => served);
  const report = (now: Served) => {
    if ("fault" in now) tell(now.isUnreadable ? `${coloursOf(process.stderr).red("error:")} ${now.fault}` : now.fault);
    else write(`${coloursOf(process.stdout).green("ok")} ${path}`);
  };
  write(`${path} is served at ${server.url} (stop with Ctrl-C)`);
  if ("fault" in served) report(served);
  if (open) openBrowser(server.url);
  let unwatch = () => {};
  const watchAgain = () => {
    unwatch();
    unwatch = watchFiles(files, () => void reload().catch((thrown: unknown) => tell(String(thrown))));
  };
  const reload = async () => {
    const next = await readServed(path);
    const isSame = JSON.stringify(next.served) === JSON.stringify(served);
    ({ served, files } = next);
    watchAgain();
    if (isSame) return;
    report(served);
    server.tell(served);
  };
  watchAgain();
  await new Promise<void>((stopped) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped());
  });
  unwatch();
  await server.close();
  return EXIT.ok;
}

/** Opens the browser that the system prefers; `BROWSER` names another program. Without one the address was printed. */
function openBrowser(url: string): void {
  const system = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const child = spawn(process.env.BROWSER || system, [url], { stdio: "ignore", detached: true });
  child.on("error", () => tell("there is no browser to open; open the address yourself"));
  child.unref();
}
