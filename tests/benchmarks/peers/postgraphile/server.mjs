// PostGraphile 5 over the same tables: its own relations, plus the functions of `bench_peers`.
// Where the database is comes from PGHOST, PGPORT, PGUSER and PGDATABASE.
import { createServer } from "node:http";

import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      schemas: ["public", "bench_peers"],
      poolConfig: {
        max: Number(process.env.BENCH_POOL),
        options: "-c jit=off -c TimeZone=UTC",
        application_name: "bench-postgraphile",
      },
    }),
  ],
  // Lets relations be ordered and filtered by columns without an index of their own.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, websockets: false },
  grafast: { explain: false },
};
const instance = postgraphile(preset);
const serv = instance.createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(Number(process.env.BENCH_PORT), "127.0.0.1");
