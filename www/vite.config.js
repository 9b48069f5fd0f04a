import { defineConfig } from "vite";
import { described } from "./build/described.js";
import { offline } from "./build/offline.js";

// Relative URLs: the output works on any static host, below any path. PRIVET_OUT overrides the output folder.
export default defineConfig({
  base: "./",
  plugins: [described(), offline()],
  worker: { format: "es" },
  build: {
    outDir: process.env.PRIVET_OUT ?? "../target/www/page",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: "chrome123",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // avoids `data:` URLs, which a Content-Security-Policy may forbid
    chunkSizeWarningLimit: 600,
    reportCompressedSize: false,
    license: { fileName: "licenses.json" }, // of the libraries in the page
    rolldownOptions: {
      input: { index: "index.html", embed: "src/embed/element.ts" },
      // Products name the element's file in their pages, so its name stays the same
      output: { entryFileNames: (chunk) => (chunk.name === "embed" ? "embed.js" : "assets/[name]-[hash].js") },
    },
  },
});
