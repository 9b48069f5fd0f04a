// Checks, compiles and compares away from the page's thread, so that writing is never held up.
import { open } from "privet";
import { studio } from "privet/studio";
import type { Answer, Asked } from "./protocol.js";

let last = 0;

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  last = data.id;
  // What was written meanwhile waits in the queue: only the latest text is worth the work
  setTimeout(
    () => void answer(data).catch((error: unknown) => post({ id: data.id, error: String((error as Error).message) })),
  );
});

const post = (answer: Answer) => postMessage(answer);

async function answer({ id, text, loaded }: Asked): Promise<void> {
  const tools = await studio();
  if (id !== last) return;
  const diagnostics = tools.check(text);
  post({ id, diagnostics });
  if (diagnostics.some(({ severity }) => severity === "error")) return;
  const policy = open(tools.compile(text));
  post({ id, described: tools.describe(policy), difference: tools.compare(open(loaded), policy) });
}
