export type ExampleId = "welcome" | "organisations" | "schema";

export interface Example {
  readonly id: ExampleId;
  readonly query: string;
  /** JSON, as the variables editor shows it. */
  readonly variables?: string;
}

/** The first example fills the first tab; all of them are listed in the examples panel. */
export const examples: readonly [Example, ...Example[]] = [
  {
    id: "welcome",
    query: `query Welcome {
  viewer {
    name
  }
  organisations(first: 5) {
    nodes {
      name
      slug
    }
  }
}
`,
  },
  {
    id: "organisations",
    query: `query Organisations($first: Int!) {
  organisations(first: $first) {
    nodes {
      name
      slug
    }
  }
}
`,
    variables: `{
  "first": 10
}
`,
  },
  {
    id: "schema",
    query: `query RootFields {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}
`,
  },
];
