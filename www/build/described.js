// The labels of the ready-made policies, asked of the packed package while the page is built: the page can then show every
// control with the small module alone, and loads the large one when somebody asks why.
import { open } from "privet";
import { studio } from "privet/studio";

const prefix = "virtual:described/";

/** A Vite plugin: `virtual:described/<id>` exports what `studio().describe` says of the package's policy of that id. */
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
