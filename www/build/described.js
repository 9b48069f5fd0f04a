// Build-time descriptions of the built-in policies. With them the page shows every control with the core alone, and
// loads the studio only when an explanation is requested.
import { open } from "privet";
import { studio } from "privet/studio";

const prefix = "virtual:described/";

/** A Vite plugin: `virtual:described/<id>` exports the result of `studio().describe` for the built-in policy `id`. */
export function described() {
  return {
    name: "privet-described",
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const { pack } = await import(`privet/policies/${id.slice(prefix.length + 1)}`);
      const text = JSON.stringify((await studio()).describe(open(pack)));
      return `export default JSON.parse(${JSON.stringify(text)});`;
    },
  };
}
