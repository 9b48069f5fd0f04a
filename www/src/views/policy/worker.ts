// Checks, compiles and compares in a worker, so that typing is never blocked.
import { open } from "privet";
import { studio } from "privet/studio";
import type { WorkerResponse, WorkerRequest } from "./protocol.js";

let last = 0;

addEventListener("message", ({ data }: MessageEvent<WorkerRequest>) => {
  last = data.id;
  // Newer messages may already be queued: process only the latest text
  setTimeout(
    () => void check(data).catch((error: unknown) => post({ id: data.id, error: String((error as Error).message) })),
  );
});

const post = (response: WorkerResponse) => postMessage(response);

async function check({ id, text, loaded }: WorkerRequest): Promise<void> {
  const tools = await studio();
  if (id !== last) return;
  const diagnostics = tools.check(text);
  post({ id, diagnostics });
  if (diagnostics.some(({ severity }) => severity === "error")) return;
  const pack = tools.compile(text);
  const policy = open(pack);
  post({ id, pack, described: tools.describe(policy), difference: tools.compare(open(loaded), policy) });
}
