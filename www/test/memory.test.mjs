// What 1,000 changes leave in memory: the steps that undo covers, and no trees of elements or sessions of what is gone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./harness.mjs";

/** The bytes of the page's own objects by a heap snapshot: without compiled code, which grows while the browser optimises. */
async function objects(devtools) {
  const parts = [];
  const add = ({ chunk }) => parts.push(chunk);
  devtools.on("HeapProfiler.addHeapSnapshotChunk", add);
  await devtools.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  devtools.off("HeapProfiler.addHeapSnapshotChunk", add);
  const { snapshot, nodes } = JSON.parse(parts.join(""));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const counted = ["object", "closure", "string", "concatenated string", "sliced string"].map((it) =>
    types[0].indexOf(it),
  );
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length)
    if (counted.includes(nodes[at])) bytes += nodes[at + fields.indexOf("self_size")];
  return bytes;
}

test("1,000 toggles keep no more than the steps of undo", () =>
  visit("", async (page) => {
    await page.locator("[data-fix]").waitFor();
    const devtools = await page.context().newCDPSession(page);
    const toggle = async (times) => {
      await page.evaluate(async (times) => {
        for (let run = 0; run < times; run++) {
          document.querySelector('[data-privilege="view-reports"] [role=switch]').click();
          await new Promise((soon) => setTimeout(soon));
        }
      }, times);
      await page.waitForSelector("html[data-saving=saved]");
      await page.waitForTimeout(300); // what is drawn after a frame
    };
    await toggle(100); // as many as undo covers
    const before = await objects(devtools);
    await toggle(1000);
    const after = await objects(devtools);
    assert.ok(after <= before * 1.1, `${before} → ${after} bytes`);
  }));
