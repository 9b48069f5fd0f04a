import { defineConfig } from "vite";
import { described } from "./build/described.js";

// Relative URLs: the output works on any static host, below any path. PRIVET_OUT overrides the output folder.
export default defineConfig({
  base: "./",
  plugins: [described()],
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
  },
});
