// The same server with subscriptions, over Mercurius' own publish and subscribe in the process.
import { readFileSync } from "node:fs";

import Fastify from "fastify";
import mercurius from "mercurius";

import { oneEach, unique } from "./batches.mjs";
import { run } from "./database.mjs";
import { loaders, resolvers, schema } from "./graph.mjs";

const more = readFileSync(new URL("../live.graphql", import.meta.url), "utf8");

const changed = (organisationId) => `changed:${organisationId}`;
const announced = (organisationId) => `announced:${organisationId}`;

async function written(statement, viewer, { organisationId, body }) {
  const [row] = await run(statement, viewer, organisationId, body);
  if (!row) throw new Error("Not allowed.");
  return row;
}

const Mutation = {
  async publish(_, input, { viewer, pubsub }) {
    const post = await written("publish", viewer, input);
    await pubsub.publish({
      topic: changed(post.organisationId),
      payload: { feedChanged: { kind: "CREATED", post } },
    });
    return post.id;
  },
  async announce(_, input, { viewer, pubsub }) {
    const row = await written("announced", viewer, input);
    const post = {
      id: row.id,
      body: row.body,
      createdAt: row.createdAt.toISOString(),
      author: { id: row.authorId, name: row.authorName },
      organisation: { id: row.organisationId, name: row.organisationName },
    };
    await pubsub.publish({
      topic: announced(row.organisationId),
      payload: { feedAnnounced: { kind: "CREATED", post } },
    });
    return row.id;
  },
};

const Subscription = {
  feedChanged: {
    subscribe: (_, { organisationId }, { pubsub }) => pubsub.subscribe(changed(organisationId)),
  },
  feedAnnounced: {
    subscribe: (_, { organisationId }, { pubsub }) => pubsub.subscribe(announced(organisationId)),
  },
};

const AnnouncedPost = {
  async viewerReaction(queries, { viewer }) {
    const keys = queries.map(({ obj }) => obj.id);
    const rows = await run("viewer_reactions", unique(keys), viewer);
    return oneEach(keys, rows).map((row) => row?.kind ?? null);
  },
};

const context = (request) => ({ viewer: request.headers["x-viewer"] });
const app = Fastify();
await app.register(mercurius, {
  schema: schema + more,
  resolvers: { ...resolvers, Mutation, Subscription },
  loaders: { ...loaders, AnnouncedPost },
  jit: 1,
  graphiql: false,
  context,
  subscription: { context: (_, request) => context(request) },
});
await app.listen({ port: Number(process.env.BENCH_PORT), host: "127.0.0.1" });
