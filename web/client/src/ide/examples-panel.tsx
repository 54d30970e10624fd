import { StarIcon, useGraphiQL, useGraphiQLActions, type GraphiQLPlugin } from "@graphiql/react";
import type { ReactElement } from "react";

import { examples, type Example } from "./examples.ts";
import { language, texts } from "./texts.ts";

/** The same width as in graphiql.css. */
const PANEL_COVERS_EDITORS = window.matchMedia("(width < 720px)");

function ExamplesPanel(): ReactElement {
  const actions = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  function open({ query, variables = "" }: Example): void {
    actions.addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    if (PANEL_COVERS_EDITORS.matches) actions.setVisiblePlugin(null);
  }

  return (
    <section className="examples" lang={language} aria-label={texts.examples}>
      <h2>{texts.examples}</h2>
      <p>{texts.examplesIntro}</p>
      <ul>
        {examples.map((example) => (
          <li key={example.id}>
            <button
              type="button"
              onClick={() => {
                open(example);
              }}
            >
              <strong>{texts.example[example.id].title}</strong>
              <span>{texts.example[example.id].about}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A GraphiQL side panel with our saved queries. */
export const EXAMPLES_PLUGIN: GraphiQLPlugin = {
  title: texts.examples,
  icon: StarIcon,
  content: ExamplesPanel,
};
