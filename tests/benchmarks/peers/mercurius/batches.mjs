// Turns the rows of one statement back into one answer per parent, in the order of the parents.

/** One row (or null) for every key, where rows are found by the column `by`. */
export function oneEach(keys, rows, by = "parent") {
  const found = new Map(rows.map((row) => [row[by], row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** The rows of every key, in the order in which they came. */
export function manyEach(keys, rows) {
  const found = new Map(keys.map((key) => [key, []]));
  for (const row of rows) found.get(row.parent).push(row);
  return keys.map((key) => found.get(key));
}

export const unique = (keys) => [...new Set(keys.filter((key) => key !== null))];

export const cursorOf = (row) => Buffer.from(row.id).toString("base64url");

/** A Relay page of `first` rows out of `first + 1`. */
export function page(rows, first) {
  const nodes = rows.length > first ? rows.slice(0, first) : rows;
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      endCursor: nodes.length ? cursorOf(nodes[nodes.length - 1]) : null,
    },
  };
}
