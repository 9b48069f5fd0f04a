import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../../conformance/5/", import.meta.url);
const json = (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

/** The parsed files of the conformance suite of the formats: `{ packs, snapshots, policies }`. */
export function formatSuite() {
  const policies = readdirSync(new URL("policies/", folder)).map((name) => json(`policies/${name}`));
  return { packs: json("packs.json"), snapshots: json("snapshots.json"), policies };
}
