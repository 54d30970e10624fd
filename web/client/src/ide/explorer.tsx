import "graphiql/setup-workers/vite";

import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { StrictMode, useState, type ReactElement } from "react";
import { createRoot } from "react-dom/client";

import { EXAMPLES_PLUGIN } from "./examples-panel.tsx";
import { examples } from "./examples.ts";
import { SessionBar } from "./session-bar.tsx";
import { keepToken, keptToken, openSession } from "./session.ts";
import { language, texts } from "./texts.ts";

const PLUGINS = [EXAMPLES_PLUGIN, HISTORY_PLUGIN];
const FIRST_TABS = [{ query: `# ${texts.firstTab}\n${examples[0].query}` }];

function Explorer(): ReactElement {
  const [session, setSession] = useState(() => openSession(keptToken()));

  function changeToken(token: string): void {
    keepToken(token);
    setSession(openSession(token));
  }

  return (
    <>
      <SessionBar session={session} onToken={changeToken} />
      <main>
        <h1 className="visually-hidden" lang={language}>
          {texts.heading}
        </h1>
        <GraphiQL
          fetcher={session.fetcher}
          plugins={PLUGINS}
          defaultTabs={FIRST_TABS}
          // The token has one place, the bar; a header typed here would be a second.
          isHeadersEditorEnabled={false}
          showPersistHeadersSettings={false}
          shouldPersistHeaders={false}
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

export function showExplorer(root: Element | null): void {
  if (root === null) throw new Error("The page has no #root.");
  createRoot(root).render(
    <StrictMode>
      <Explorer />
    </StrictMode>,
  );
}
