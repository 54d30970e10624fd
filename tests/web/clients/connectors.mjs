// The clients, each as its own documentation sets it up, and what they say in one form:
// a connector gives `subscribe(request, sink)`, which gives what ends the subscription.
import {
  ApolloClient,
  CombinedGraphQLErrors,
  CombinedProtocolErrors,
  HttpLink,
  InMemoryCache,
  gql,
} from "@apollo/client";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { EventSource } from "eventsource";
import { createClient as createEvents } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";

const RETRY_MS = 50;
const RETRY_ATTEMPTS = 100;
const PING_MS = 100;

const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY_MS));
const bearer = (token) => (token ? { authorization: `Bearer ${token}` } : {});

function socketClient({ url, token, tell }) {
  return createSocket({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    connectionParams: bearer(token),
    keepAlive: PING_MS,
    retryAttempts: token === "unknown" ? 0 : RETRY_ATTEMPTS,
    retryWait: pause,
    shouldRetry: () => true,
    on: {
      closed: ({ code, reason }) => tell({ event: "closed", code, reason }),
      pong: (received) => received && tell({ event: "pong" }),
    },
  });
}

function eventsClient({ url, token }) {
  return createEvents({
    url,
    headers: bearer(token),
    retryAttempts: token === "unknown" ? 0 : RETRY_ATTEMPTS,
    retry: pause,
  });
}

/** What graphql-ws and graphql-sse make of an error: errors of the document, or of the connection. */
function failed(error, sink) {
  if (Array.isArray(error)) sink.refused(error);
  else sink.failed(error?.code ?? error?.response?.status ?? null, error?.message ?? error?.reason);
}

const direct = (client) => ({
  subscribe: (request, sink) =>
    client.subscribe(request, { ...sink, error: (error) => failed(error, sink) }),
});

/** urql asks with its own copy of the variables: the one it got is put back, for the cursor in it. */
function urqlOver(client, url) {
  let current;
  const forwardSubscription = ({ query }) => ({
    subscribe: (sink) => ({
      unsubscribe: client.subscribe({ query, variables: current.variables }, sink),
    }),
  });
  const urql = new Client({ url, exchanges: [subscriptionExchange({ forwardSubscription })] });
  return subscribing(urql, (request) => (current = request));
}

function subscribing(urql, before = () => {}) {
  return {
    subscribe(request, sink) {
      before(request);
      const { unsubscribe } = urql
        .subscription(request.query, { ...request.variables })
        .subscribe(({ data, error }) => {
          if (error?.graphQLErrors.length) sink.refused(error.graphQLErrors);
          else if (error) sink.failed(statusOf(error), error.message);
          else sink.next({ data });
        });
      return unsubscribe;
    },
  };
}

const statusOf = ({ response, networkError }) =>
  (response ?? networkError?.response)?.status ?? networkError?.code ?? null;

export const connectors = {
  "graphql-ws": (given) => direct(socketClient(given)),

  "graphql-sse": (given) => direct(eventsClient(given)),

  "urql over graphql-ws": (given) => urqlOver(socketClient(given), given.url),

  "urql over graphql-sse": (given) => urqlOver(eventsClient(given), given.url),

  // Over its own fetch, which asks for events or parts.
  urql: ({ url, token }) =>
    subscribing(
      new Client({
        url,
        exchanges: [fetchExchange],
        fetchSubscriptions: true,
        fetchOptions: { headers: bearer(token) },
      }),
    ),

  // Over parts, which it asks for by itself.
  apollo({ url, token }) {
    const client = new ApolloClient({
      link: new HttpLink({ uri: url, headers: bearer(token) }),
      cache: new InMemoryCache(),
    });
    return {
      subscribe({ query, variables }, sink) {
        const subscription = client.subscribe({ query: gql(query), variables }).subscribe({
          next({ data, error }) {
            const isTold = CombinedGraphQLErrors.is(error) || CombinedProtocolErrors.is(error);
            if (isTold) sink.refused(error.errors);
            else if (error) sink.failed(error.statusCode ?? null, error.message);
            else sink.next({ data });
          },
          error: (error) => sink.failed(error.statusCode ?? null, error.message),
          complete: sink.complete,
        });
        return () => subscription.unsubscribe();
      },
    };
  },

  // What browsers have: resumes by itself, with the last id.
  eventsource: ({ url, token }) => ({
    subscribe({ query, variables }, sink) {
      const asked = new URL(url);
      asked.searchParams.set("query", query);
      if (variables) asked.searchParams.set("variables", JSON.stringify(variables));
      const source = new EventSource(asked, {
        fetch: (input, init) =>
          fetch(input, { ...init, headers: { ...init.headers, ...bearer(token) } }),
      });
      source.addEventListener("next", ({ data }) => sink.next(JSON.parse(data)));
      source.addEventListener("complete", () => {
        source.close();
        sink.complete();
      });
      source.addEventListener("error", ({ code, message }) => {
        if (source.readyState === EventSource.CLOSED) sink.failed(code ?? null, message);
      });
      return () => source.close();
    },
  }),
};
