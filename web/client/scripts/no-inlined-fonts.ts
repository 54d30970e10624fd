import type { Plugin } from "vite";

const INLINED_FONT = /@font-face\s*\{[^}]*url\(["']?data:[^}]*\}/g;

/**
 * Removes the fonts that GraphiQL carries inside its style sheet as `data:` URLs.
 *
 * `font-src 'self'` refuses them, and without them the style sheet is 24 kB instead of 347 kB
 * (gzip). Monaco's icon font is a file and stays.
 */
export const noInlinedFonts: Plugin = {
  name: "no-inlined-fonts",
  enforce: "pre",
  transform: {
    filter: { id: /graphiql\/dist\/style\.css$/ },
    handler: (css) => css.replaceAll(INLINED_FONT, ""),
  },
};
