import type { ExampleId } from "./examples.ts";

/** Everything this page says in its own words. GraphiQL's own words are English only. */
export interface Texts {
  readonly heading: string;
  readonly explorer: string;
  readonly token: string;
  readonly tokenHint: string;
  readonly use: string;
  readonly forget: string;
  readonly checking: string;
  readonly anonymous: string;
  readonly signedInAs: (name: string) => string;
  readonly refused: string;
  readonly unreachable: string;
  readonly examples: string;
  readonly examplesIntro: string;
  readonly firstTab: string;
  readonly example: Readonly<Record<ExampleId, { readonly title: string; readonly about: string }>>;
}

export type Language = "en" | "nl";

const en: Texts = {
  heading: "Talent Commons graph explorer",
  explorer: "graph explorer",
  token: "Access token",
  tokenHint: "Kept in this browser tab only",
  use: "Use",
  forget: "Forget",
  checking: "Checking…",
  anonymous: "Not signed in",
  signedInAs: (name) => `Signed in as ${name}`,
  refused: "Token not accepted; you see what anyone sees",
  unreachable: "The server does not answer; your queries are kept",
  examples: "Examples",
  examplesIntro: "Each one opens in a new tab. Nothing runs until you press play.",
  firstTab: "More examples behind the star.",
  example: {
    welcome: { title: "Who am I, who is here", about: "You and the first five organisations." },
    organisations: { title: "Organisations", about: "A page of them, with a variable." },
    schema: { title: "What can be asked", about: "The root fields, from the graph itself." },
  },
};

const nl: Texts = {
  heading: "Talent Commons graafverkenner",
  explorer: "graafverkenner",
  token: "Toegangstoken",
  tokenHint: "Blijft alleen in dit tabblad",
  use: "Gebruik",
  forget: "Vergeet",
  checking: "Even kijken…",
  anonymous: "Niet aangemeld",
  signedInAs: (name) => `Aangemeld als ${name}`,
  refused: "Token niet aanvaard; u ziet wat iedereen ziet",
  unreachable: "De server antwoordt niet; uw vragen blijven staan",
  examples: "Voorbeelden",
  examplesIntro: "Elk opent in een nieuw tabblad. Er gebeurt niets tot u op afspelen drukt.",
  firstTab: "Meer voorbeelden achter de ster.",
  example: {
    welcome: { title: "Wie ben ik, wie is hier", about: "U en de eerste vijf organisaties." },
    organisations: { title: "Organisaties", about: "Een bladzijde ervan, met een variabele." },
    schema: { title: "Wat valt er te vragen", about: "De beginvelden, uit de graaf zelf." },
  },
};

export const language: Language = navigator.language.toLowerCase().startsWith("nl") ? "nl" : "en";
export const texts: Texts = language === "nl" ? nl : en;
