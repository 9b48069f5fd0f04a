// Makes the sources of the site in target/site/src: the pages of docs/, the home page, and the pages of the API from the declarations of the packed package.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { sections } from "../pages.mjs";

const site = fileURLToPath(new URL("..", import.meta.url));
const root = join(site, "..");
const out = join(root, "target/site/src");
const REPOSITORY = "https://github.com/privet-policy/privet/blob/main";

const named = sections.flatMap(({ pages }) => pages.map(([page]) => `${page}.md`)).sort();
const there = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md"));
const forgotten = there.filter((file) => !named.includes(file));
const missing = named.filter((file) => !there.includes(file));
if (forgotten.length + missing.length > 0)
  throw new Error(
    `site/pages.mjs and docs/ differ: not named ${forgotten.join(", ") || "none"}; not there ${missing.join(", ") || "none"}`,
  );

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "public"), { recursive: true });

/** A page for the site: links to files outside of docs/ lead to the repository, and `<<< file` is the file. */
function staged(text) {
  return text
    .replace(/^<<< (\S+)$/gm, (_, file) => {
      const language = file.split(".").at(-1).replace("yml", "yaml");
      return `\`\`\`${language}\n${readFileSync(join(root, file), "utf8").trimEnd()}\n\`\`\``;
    })
    .replace(/\]\((\.\.\/[^)\s]*)\)/g, (_, link) => {
      const [path, hash] = link.split("#");
      const file = normalize(join("docs", path));
      if (!existsSync(join(root, file))) throw new Error(`a page links to ${link}, which does not exist`);
      return `](${REPOSITORY}/${file}${hash ? `#${hash}` : ""})`;
    });
}
for (const file of there) writeFileSync(join(out, file), staged(readFileSync(join(root, "docs", file), "utf8")));
for (const file of readdirSync(join(root, "docs")).filter((file) => file.endsWith(".svg")))
  copyFileSync(join(root, "docs", file), join(out, file));
copyFileSync(join(root, "www/public/icon.svg"), join(out, "public/icon.svg"));
copyFileSync(join(site, "index.md"), join(out, "index.md"));

// The API by entry, from what users' compilers read
const api = join(out, "api");
const entries = join(root, "target/npm/installed/node_modules/privet/dist/entries");
const { exports } = JSON.parse(readFileSync(join(entries, "../../package.json"), "utf8"));
const files = Object.entries(exports).flatMap(([entry, { types }]) => {
  const path = types?.default ?? types; // entries that `require` reads, too, have types for both
  return path?.startsWith("./dist/entries/")
    ? [[entry.replace(/^\./, "privet"), join(entries, path.split("/").at(-1))]]
    : [];
});
const input = join(root, "target/site/api");
rmSync(input, { recursive: true, force: true });
mkdirSync(input, { recursive: true });
// One file for each entry, by the name that is imported: it names the pages
for (const [name, file] of files) {
  const path = join(input, `${name}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `/** \`import { … } from "${name}"\`\n@module ${name} */\nexport * from ${JSON.stringify(file.replace(/\.d\.ts$/, ".js"))};\n`,
  );
}
writeFileSync(
  join(input, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      module: "NodeNext",
      moduleResolution: "NodeNext",
      target: "ES2022",
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
    },
    include: ["**/*.ts"],
  }),
);
writeFileSync(join(input, "package.json"), '{ "type": "module" }');
writeFileSync(
  join(input, "typedoc.json"),
  JSON.stringify({
    plugin: [join(site, "node_modules/typedoc-plugin-markdown/dist/index.js")],
    entryPoints: files.map(([name]) => `./${name}.ts`),
    out: api,
    readme: "none",
    name: "API",
    entryFileName: "index",
    hidePageHeader: true,
    useHTMLAnchors: true, // headings that differ in case only get other anchors from VitePress
    hideBreadcrumbs: true,
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    skipErrorChecking: true,
    outputFileStrategy: "modules",
    groupOrder: ["Functions", "Classes", "Interfaces", "Type Aliases", "Variables"],
    parametersFormat: "table",
    logLevel: "Warn",
    validation: { notExported: false, invalidLink: false, notDocumented: false },
    treatWarningsAsErrors: false,
  }),
);
execFileSync(
  process.execPath,
  [join(site, "node_modules/typedoc/bin/typedoc"), "--options", join(input, "typedoc.json")],
  { cwd: input, stdio: ["ignore", "ignore", "inherit"] },
);

// What VitePress does not build is copied as it is
for (const [from, to] of [
  [process.env.PRIVET_PAGE, "playground"],
  [process.env.PRIVET_RUSTDOC, "rust"],
])
  if (from) cpSync(from, join(out, "public", to), { recursive: true });
