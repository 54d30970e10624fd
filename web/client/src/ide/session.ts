import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";

const ENDPOINT = "/graphql";
const TOKEN_KEY = "talent-commons.explorer.token";
/** What a header may carry; `fetch` throws on anything else. */
const SENDABLE_TOKEN = /^[\x21-\x7e]*$/;

export type SignIn =
  | { readonly kind: "anonymous" }
  | { readonly kind: "signedIn"; readonly name: string }
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable" };

export interface Session {
  readonly token: string;
  readonly fetcher: Fetcher;
  readonly signIn: Promise<SignIn>;
}

/** The token of this browser tab, or "" for an anonymous visitor. */
export function keptToken(): string {
  return sessionStorage.getItem(TOKEN_KEY) ?? "";
}

/** Keeps `token` until the browser tab is closed; "" forgets it. */
export function keepToken(token: string): void {
  if (token === "") sessionStorage.removeItem(TOKEN_KEY);
  else sessionStorage.setItem(TOKEN_KEY, token);
}

/** What a person pasted, without the white space and the word "Bearer" that come along. */
export function cleanToken(pasted: string): string {
  return pasted.trim().replace(/^bearer\s+/i, "");
}

/** Starts a session: asks the server at once who the bearer of `token` is. */
export function openSession(token: string): Session {
  const headers = authorization(SENDABLE_TOKEN.test(token) ? token : "");
  return {
    token,
    fetcher: createGraphiQLFetcher({ url: ENDPOINT, headers, enableIncrementalDelivery: false }),
    signIn: SENDABLE_TOKEN.test(token)
      ? askWho(headers, token === "")
      : Promise.resolve({ kind: "refused" }),
  };
}

function authorization(token: string): Record<string, string> {
  return token === "" ? {} : { Authorization: `Bearer ${token}` };
}

async function askWho(headers: Record<string, string>, anonymous: boolean): Promise<SignIn> {
  try {
    const response = await fetch(ENDPOINT, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ query: "{ viewer { name } }" }),
    });
    if (response.status === 401 || response.status === 403) return { kind: "refused" };
    const name = viewerName(await response.json());
    if (name !== null) return { kind: "signedIn", name };
    return { kind: anonymous ? "anonymous" : "refused" };
  } catch {
    return { kind: "unreachable" };
  }
}

/** The name in `{ data: { viewer: { name } } }`, or null when nobody is signed in. */
function viewerName(answer: unknown): string | null {
  const name = property(property(property(answer, "data"), "viewer"), "name");
  return typeof name === "string" ? name : null;
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
