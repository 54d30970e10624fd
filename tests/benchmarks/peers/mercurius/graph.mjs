// The graph for Mercurius: resolvers, and loaders that batch, over the same tables.
import { readFileSync } from "node:fs";

import { cursorOf, manyEach, oneEach, page, unique } from "./batches.mjs";
import { run } from "./database.mjs";

export const schema = readFileSync(new URL("../schema.graphql", import.meta.url), "utf8");

export const resolvers = {
  Query: {
    feed: async (_, { first }, { viewer }) => page(await run("feed", viewer, first + 1), first),
    organisation: async (_, { slug }, { viewer }) =>
      (await run("organisation_by_slug", slug, viewer))[0] ?? null,
    organisations: async (_, { first }, { viewer }) => ({
      nodes: await run("organisations_by_name", viewer, first),
    }),
    people: async (_, { search, filter, first }, { viewer }) => {
      const where = [search, filter.skills[0], filter.minimumLevel, viewer];
      return { ...page(await run("people", ...where, first + 1), first), where };
    },
  },
  PersonConnection: {
    totalCount: async ({ where }) => (await run("people_count", ...where))[0].count,
  },
  PostConnection: {
    edges: ({ nodes }) => nodes.map((node) => ({ node, cursor: cursorOf(node) })),
  },
};

const idsOf = (queries) => queries.map(({ obj }) => obj.id);

/** A relation to one row, whose key stands in the column `by`. */
const one = (statement, by) => async (queries) => {
  const keys = queries.map(({ obj }) => obj[by]);
  return oneEach(keys, await run(statement, unique(keys)), "id");
};

/** The same for a person, as far as the viewer may see who it is. */
const onePerson = (by) => async (queries, { viewer }) => {
  const keys = queries.map(({ obj }) => obj[by]);
  return oneEach(keys, await run("persons", unique(keys), viewer), "id");
};

/** The first rows of each parent, in one statement for all parents that ask for as many. */
async function firstOfEach(statement, queries, extra = 0, ...more) {
  const first = queries[0].params.first;
  if (queries.some(({ params }) => params.first !== first)) {
    const answers = queries.map((query) => firstOfEach(statement, [query], extra, ...more));
    return (await Promise.all(answers)).flat();
  }
  const keys = idsOf(queries);
  return manyEach(keys, await run(statement, unique(keys), first + extra, ...more));
}

const list = (statement) => async (queries) =>
  (await firstOfEach(statement, queries)).map((nodes) => ({ nodes }));

const author = onePerson("authorId");
const person = onePerson("personId");
const organisation = one("organisations", "organisationId");

export const loaders = {
  Organisation: {
    async viewerFollows(queries, { viewer }) {
      const keys = idsOf(queries);
      const rows = await run("viewer_follows", unique(keys), viewer);
      return oneEach(keys, rows).map((row) => row !== null);
    },
    async members(queries, { viewer }) {
      const lists = await firstOfEach("members", queries, 0, viewer);
      return lists.map((nodes, index) => ({ nodes, organisationId: queries[index].obj.id }));
    },
    async posts(queries, { viewer }) {
      const lists = await firstOfEach("posts", queries, 1, viewer);
      return lists.map((nodes, index) => page(nodes, queries[index].params.first));
    },
  },
  MembershipConnection: {
    async totalCount(queries, { viewer }) {
      const keys = queries.map(({ obj }) => obj.organisationId);
      const rows = await run("member_counts", unique(keys), viewer);
      return oneEach(keys, rows).map((row) => row?.count ?? 0);
    },
  },
  Membership: { organisation, person },
  Person: {
    async currentMembership(queries, { viewer }) {
      const keys = idsOf(queries);
      return oneEach(keys, await run("current_memberships", unique(keys), viewer));
    },
    skills: list("person_skills"),
  },
  PersonSkill: { skill: one("skills", "skillId") },
  Post: {
    author,
    organisation,
    async viewerReaction(queries, { viewer }) {
      const keys = idsOf(queries);
      const rows = await run("viewer_reactions", unique(keys), viewer);
      return oneEach(keys, rows).map((row) => row?.kind ?? null);
    },
    reactions: list("reactions"),
    comments: list("comments"),
  },
  Reaction: { person },
  Comment: { author },
};
