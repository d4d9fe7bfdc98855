import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, parse, subscribe, type ExecutionResult } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** A subgraph of another team that tells of new reviews. */
export const subscribedSchema = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Customer @key(fields: "id") {
  id: ID!
  rating: Float
}

type Review @key(fields: "id") {
  id: ID!
  stars: Int
  body: String
  author: Customer
}

type Query {
  review(id: ID!): Review
}

type Subscription {
  reviewAdded(minStars: Int): Review
}
`;

export interface AddedReview {
  readonly id: string;
  readonly stars?: number;
  readonly body?: string;
  readonly author?: { readonly id: string; readonly lifetimeTickets?: number };
}

/** A subscription as the subgraph received it. */
export interface ReceivedSubscription {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Serves queries, and subscriptions both by server-sent events and by graphql-ws. */
export class SubscribedSubgraph {
  readonly subscriptions: ReceivedSubscription[] = [];
  /** How many events were taken over all. */
  taken = 0;
  /** Whether it says as the one event of a stream, and not by its status, what it has against a subscription. */
  refusesInStream = false;
  readonly #listeners = new Set<Listener>();
  readonly #schema = buildSubgraphSchema({
    // One field more than the others know at first.
    typeDefs: parse(`${subscribedSchema}\nextend type Customer { lifetimeTickets: Int }`),
    resolvers: {
      Query: { review: (_: unknown, { id }: { readonly id: string }) => ({ id, stars: 3 }) },
      Customer: { __resolveReference: ({ id }: { readonly id: string }) => ({ id, rating: 4.5 }) },
      Subscription: {
        reviewAdded: {
          subscribe: (_: unknown, { minStars = 0 }: { readonly minStars?: number }) => {
            if (minStars > 5) {
              throw new GraphQLError('Five stars are the most.', {
                extensions: { code: 'TOO_MANY_STARS' },
              });
            }
            return this.#listen(minStars);
          },
        },
      },
    },
  });
  readonly #http = createServer((incoming, response) => void this.#handle(incoming, response));
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/graphql' });

  static async start(): Promise<SubscribedSubgraph> {
    const server = new SubscribedSubgraph();
    useServer(
      {
        schema: server.#schema,
        onSubscribe: (_context, _id, { query, variables }) => {
          server.subscriptions.push({ query, variables: variables ?? {} });
        },
      },
      server.#sockets,
    );
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/graphql`;
  }

  get openStreams(): number {
    return this.#listeners.size;
  }

  emit(review: AddedReview): void {
    for (const listener of this.#listeners) listener.push({ reviewAdded: review });
  }

  /** Ends every subscription as a subgraph does that has no more to tell. */
  completeAll(): void {
    for (const listener of this.#listeners) void listener.return();
  }

  /** Breaks every connection. */
  breakAll(): void {
    this.#http.closeAllConnections();
    for (const client of this.#sockets.clients) client.terminate();
  }

  async close(): Promise<void> {
    this.breakAll();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #listen(minStars: number): Listener {
    const listener = new Listener(
      ({ reviewAdded }) => (reviewAdded.stars ?? 0) >= minStars,
      () => this.#listeners.delete(listener),
      () => this.taken++,
    );
    this.#listeners.add(listener);
    return listener;
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const { query, variables = {} } = JSON.parse(text);
    if (incoming.headers.accept !== 'text/event-stream') {
      const result = await graphql({
        schema: this.#schema,
        source: query,
        variableValues: variables,
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
      return;
    }
    this.subscriptions.push({ query, variables });
    const document = parse(query);
    const events = await subscribe({ schema: this.#schema, document, variableValues: variables });
    if (!(Symbol.asyncIterator in events)) {
      if (this.refusesInStream) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        await writeEvent(response, events);
        response.end('event: complete\ndata:\n\n');
        return;
      }
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(events));
      return;
    }
    response.once('close', () => void events.return(undefined));
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    for await (const event of events) await writeEvent(response, event);
    response.end('event: complete\ndata:\n\n');
  }
}

async function writeEvent(response: ServerResponse, event: ExecutionResult): Promise<void> {
  const hasRoom = response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`);
  if (hasRoom || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      response.off('drain', goOn).off('close', goOn);
      resolve();
    };
    response.on('drain', goOn).on('close', goOn);
  });
}

interface Added {
  readonly reviewAdded: AddedReview;
}

/** Events of one subscription; `return` frees it at once. */
class Listener implements AsyncIterableIterator<Added> {
  readonly #waiting: Added[] = [];
  #isDone = false;
  #wake: () => void = () => undefined;
  readonly #takes: (added: Added) => boolean;
  readonly #free: () => void;
  readonly #onTaken: () => void;

  constructor(takes: (added: Added) => boolean, free: () => void, onTaken: () => void) {
    this.#takes = takes;
    this.#free = free;
    this.#onTaken = onTaken;
  }

  push(added: Added): void {
    if (this.#takes(added)) this.#waiting.push(added);
    this.#wake();
  }

  async next(): Promise<IteratorResult<Added>> {
    for (;;) {
      const value = this.#waiting.shift();
      if (value !== undefined) {
        this.#onTaken();
        return { done: false, value };
      }
      if (this.#isDone) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  return(): Promise<IteratorResult<Added>> {
    this.#isDone = true;
    this.#waiting.length = 0;
    this.#free();
    this.#wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
