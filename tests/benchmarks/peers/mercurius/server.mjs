// Mercurius 16 with compiled queries (graphql-jit) and batching loaders, over the same tables.
import Fastify from "fastify";
import mercurius from "mercurius";

import { loaders, resolvers, schema } from "./graph.mjs";

const app = Fastify();
await app.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  graphiql: false,
  context: (request) => ({ viewer: request.headers["x-viewer"] }),
});
await app.listen({ port: Number(process.env.BENCH_PORT), host: "127.0.0.1" });
