import { defineConfig } from "vite";
import { described } from "./build/described.js";

// Relative addresses: the result is plain files that any host serves, below any path. PRIVET_OUT is where they go.
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
    assetsInlineLimit: 0, // a Content-Security-Policy need not allow data: addresses
    chunkSizeWarningLimit: 600,
    reportCompressedSize: false,
  },
});
