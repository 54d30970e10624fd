import "graphiql/style.css";
import "./explorer.css";
import "./graphiql.css";

import { installNoncedStyles } from "./nonced-styles.ts";

const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
installNoncedStyles(nonce);

// Imported afterwards, whatever chunks the bundler makes: Monaco creates styles when it is evaluated.
const { showExplorer } = await import("./explorer.tsx");
showExplorer(document.querySelector("#root"));
