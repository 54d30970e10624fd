// Drives one client of live updates, as told in lines of JSON on the standard input:
//   { "do": "subscribe", "id", "query", "variables" }, { "do": "complete", "id" }
// and tells what it hears in lines of JSON on the standard output:
//   { "event": "next" | "refused" | "failed" | "complete", "id", … }, { "event": "closed" | "pong", … }
// Usage: node drive.mjs CLIENT URL [TOKEN]. With a variable named `after`, whoever is cut off goes on
// from the last cursor: the clients send the same request again, and find the cursor in it.
import { createInterface } from "node:readline";
import { connectors } from "./connectors.mjs";

const [, , name, url, token] = process.argv;
if (!Object.hasOwn(connectors, name) || !URL.canParse(url)) {
  console.error(`usage: node drive.mjs ${Object.keys(connectors).join("|")} URL [TOKEN]`);
  process.exit(2);
}

const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const client = connectors[name]({ url, token, tell });
const ends = new Map();

/** What a client hands on, whichever it is, as events. */
function sinkOf(id, request) {
  return {
    next(result) {
      if (result.errors?.length) {
        tell({ event: "refused", id, codes: result.errors.map((error) => error.extensions?.code) });
        return;
      }
      const [change] = Object.values(result.data ?? {});
      if (change?.cursor && request.variables) request.variables.after = change.cursor;
      tell({ event: "next", id, data: result.data });
    },
    refused: (errors) =>
      tell({ event: "refused", id, codes: errors.map((error) => error.extensions?.code) }),
    failed: (code, message) => tell({ event: "failed", id, code, message }),
    complete: () => tell({ event: "complete", id }),
  };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { do: what, id, query, variables } = JSON.parse(line);
  if (what === "subscribe") {
    const request = { query, variables };
    ends.set(id, client.subscribe(request, sinkOf(id, request)));
  } else {
    ends.get(id)();
    ends.delete(id);
  }
}).on("close", () => process.exit(0));
