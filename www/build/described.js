// What the page has of the built-in policies at build time: their descriptions, so that it shows every control with the core alone, and
// packs whose reasons are in German.
import { readFile } from "node:fs/promises";
import { open } from "privet";
import { messages } from "privet/messages/de";
import { studio } from "privet/studio";

const documents = new URL("../../src/policies/", import.meta.url);

const sources = {
  /** Exports the result of `studio().describe`. */
  async described(id) {
    const { pack } = await import(`privet/policies/${id}`);
    const text = JSON.stringify((await studio()).describe(open(pack)));
    return `export default JSON.parse(${JSON.stringify(text)});`;
  },
  /** Exports the pack; the language of the page's other texts is chosen at run time. */
  async german(id) {
    const tools = await studio({ messages });
    const document = await readFile(new URL(`${id}.jsonc`, documents), "utf8");
    const pack = tools.compile(document, { reasons: "localized" });
    const text = JSON.stringify(Buffer.from(pack).toString("base64"));
    return `export const pack = Uint8Array.from(atob(${text}), (letter) => letter.charCodeAt(0));`;
  },
};

/** A Vite plugin: the modules `virtual:described/<id>` and `virtual:german/<id>` for the built-in policy `id`. */
export function described() {
  const pattern = /^\0?virtual:(described|german)\/(\w+)$/;
  return {
    name: "privet-described",
    resolveId: (id) => (pattern.test(id) ? `\0${id}` : undefined),
    load(id) {
      const [, kind, policy] = pattern.exec(id) ?? [];
      return kind && sources[kind](policy);
    },
  };
}
