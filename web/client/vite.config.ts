import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { noInlinedFonts } from "./scripts/no-inlined-fonts.ts";

export default defineConfig({
  plugins: [react(), noInlinedFonts],
  build: {
    target: "es2023",
    manifest: true,
    // The content policy has no `data:` source, so every asset must be a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One HTML page per entry; add `index: "index.html"` for the web application.
    rolldownOptions: {
      input: { ide: "ide.html" },
      onLog(level, log, report) {
        // GraphiQL's `"use no memo"` speaks to the React compiler, which we do not run.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
    // Monaco's own chunk is 2.8 MB before compression; it loads after the page is shown.
    chunkSizeWarningLimit: 3000,
  },
  worker: { format: "es" },
});
