import { defineConfig } from "vitepress";
import { sections } from "../pages.mjs";

/** The path below which the site is served. */
const base = process.env.PRIVET_SITE_BASE ?? "/";

export default defineConfig({
  title: "Privet",
  description:
    "Decides what a person sees and may do from their privileges, says why, and runs the same few bytes everywhere.",
  base,
  srcDir: "../target/site/src",
  srcExclude: ["public/**"],
  outDir: "../target/site/dist",
  cacheDir: "../target/site/cache",
  // The playground and the reference of the crate are static files, which VitePress does not know
  ignoreDeadLinks: [/^\/(playground|rust)\//],
  metaChunk: true,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  markdown: {
    // Code is no template: `{{` of a policy or of Vue stands as it is
    config: ({ renderer, utils }) => {
      renderer.rules.code_inline = (tokens, index) => `<code v-pre>${utils.escapeHtml(tokens[index].content)}</code>`;
    },
    languages: [
      "js",
      "ts",
      "jsx",
      "tsx",
      "json",
      "jsonc",
      "vue",
      "svelte",
      "html",
      "sh",
      "console",
      "rust",
      "yaml",
      "toml",
      "python",
      "nginx",
      "sql",
    ],
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    logo: "/icon.svg",
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Getting started", link: "/getting-started" },
      { text: "API", link: "/api/" },
      { text: "Playground", link: "/playground/index.html", target: "_self" },
    ],
    sidebar: [
      ...sections.map(({ text, pages }) => ({
        text,
        items: pages.map(([page, text]) => ({ text, link: `/${page}` })),
      })),
      {
        text: "API",
        items: [
          { text: "TypeScript", link: "/api/" },
          { text: "Rust", link: "/rust/privet/index.html", target: "_self" },
        ],
      },
    ],
    socialLinks: [{ icon: "github", link: "https://github.com/privet-policy/privet" }],
    footer: { message: "MIT or Apache-2.0" },
  },
});
