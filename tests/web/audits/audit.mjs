// Runs the GraphQL-over-HTTP audits against a server and prints one JSON document:
//   node audit.mjs http://127.0.0.1:8000/graphql
//   [{ "id", "name", "status": "ok" | "notice" | "warn" | "error", "reason": string | null }]
// The exit code says only whether the server was there: judging the results is for the caller.
import { serverAudits } from "graphql-http";

const TIMEOUT_MS = 10_000;

const url = process.argv[2];
if (url === undefined || !URL.canParse(url)) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}

/** A fetch that gives up, so that a server that hangs fails its audit and not the whole run. */
const fetchFn = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });

async function result({ id, name, fn }) {
  try {
    const { status, reason = null, response } = await fn();
    // An unread body would keep its connection, and with it this process, open.
    if (response?.bodyUsed === false) await response.body?.cancel();
    return { id, name, status, reason };
  } catch (error) {
    return { id, name, status: "error", reason: `The audit broke off: ${explain(error)}` };
  }
}

function explain(error) {
  return [error?.message ?? error, error?.cause?.message].filter(Boolean).join(": ");
}

try {
  await (await fetchFn(url)).body?.cancel();
} catch (error) {
  console.error(`${url} cannot be reached: ${explain(error)}`);
  process.exit(1);
}

const results = [];
for (const audit of serverAudits({ url, fetchFn })) results.push(await result(audit));
console.log(JSON.stringify(results, null, 2));
