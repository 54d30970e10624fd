// Statements by name, run prepared. `postgres` was measured faster here than `pg` (10 to 20 %).
import { readFileSync } from "node:fs";

import postgres from "postgres";

const source = readFileSync(new URL("../statements.sql", import.meta.url), "utf8");
const statements = Object.fromEntries(
  source
    .split("-- name: ")
    .slice(1)
    .map((section) => {
      const end = section.indexOf("\n");
      return [section.slice(0, end), section.slice(end + 1).trim()];
    }),
);

// Where the database is comes from PGHOST, PGPORT, PGUSER and PGDATABASE.
const sql = postgres({
  max: Number(process.env.BENCH_POOL),
  transform: postgres.camel,
  connection: { jit: "off", TimeZone: "UTC", application_name: "bench-mercurius" },
});

/** The rows of the statement `name`, with columns in the graph's spelling. */
export const run = (name, ...values) => sql.unsafe(statements[name], values, { prepare: true });
