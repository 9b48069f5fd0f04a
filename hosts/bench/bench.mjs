// Measures the npm package and the host module in Node.js, and writes the pack for the other languages: node bench.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve as path } from "node:path";
import { pathToFileURL } from "node:url";
import { Host } from "../../examples/host/host.mjs";
import { instantiate, Policy } from "../component/component.mjs";

const { resolve } = createRequire(path(process.argv[2], "anywhere.js"));
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { open } = await load("privet");
const { pack } = await load("privet/policies/contact");
writeFileSync(new URL("../../target/hosts/contact.privetpack", import.meta.url), pack);

const SUBJECT = { roles: ["administrator"] };
const OPERATION = "calls.flows.define";

/** Microseconds of a call: the least of several rounds. */
function time(call, calls = 2000) {
  const rounds = Array.from({ length: 7 }, () => {
    const start = performance.now();
    for (let made = 0; made < calls; made++) call();
    return ((performance.now() - start) * 1000) / calls;
  });
  return Math.min(...rounds);
}

const policy = open(pack);
const session = policy.session(SUBJECT);
console.log(
  JSON.stringify({
    host: "npm package, Node.js",
    open: time(() => open(pack), 20),
    session: time(() => policy.session(SUBJECT).can(OPERATION)),
    can: time(() => session.can(OPERATION), 100_000),
  }),
);

const module = new WebAssembly.Module(readFileSync(resolve("privet/host.wasm")));
const host = new Host(module);
const opened = host.open(pack);
const [kept, place] = [opened.session(SUBJECT), host.call("operation", [opened.handle], OPERATION)];
const one = () => {
  const made = opened.session(SUBJECT);
  made.can(OPERATION);
  made.close();
};
console.log(
  JSON.stringify({
    host: "host.wasm, Node.js",
    instantiate: time(() => new Host(module), 50),
    open: time(() => host.open(pack).close(), 20),
    session: time(one),
    can: time(() => host.call("can_at", [kept.handle, place]), 100_000),
    memory: host.memory.length,
  }),
);

const tools = createRequire(new URL("../../pkg/package.json", import.meta.url));
const { transpileBytes } = await import(pathToFileURL(tools.resolve("@bytecodealliance/jco-transpile")).href);
const component = Policy.open(await instantiate(readFileSync(resolve("privet/component.wasm")), transpileBytes), pack);
const asked = component.session(SUBJECT);
console.log(
  JSON.stringify({
    host: "component, jco in Node.js",
    session: time(() => {
      const made = component.session(SUBJECT);
      made.can(OPERATION);
      made.close();
    }),
    can: time(() => asked.can(OPERATION), 100_000),
  }),
);
