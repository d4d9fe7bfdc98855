import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';

/** A subgraph of another team: it adds to customers, and refers to them and to invoices. */
export const reviewsSchema = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

enum Mood { HAPPY ANGRY }

union Subject = Customer | Invoice

type Customer @key(fields: "id") {
  id: ID!
  rating: Float
  reviews: [Review!]
}

type Invoice @key(fields: "id", resolvable: false) {
  id: ID!
}

type Review @key(fields: "id") {
  id: ID!
  body: String!
  stars: Int
  mood: Mood
  tags: [String!]
  author: Customer
  subject: Subject
}

type Query {
  reviews: [Review!]
  review(id: ID!): Review
}
`;

const customer = (id: string) => ({ __typename: 'Customer', id });
const invoice = (id: string) => ({ __typename: 'Invoice', id });

/** Two customers of the seed, one of its invoices, and a customer that there is not. */
export const reviews = [
  review('R1', 'C0000001', customer('C0000001')),
  review('R2', 'C0000042', invoice('I0000001')),
  review('R3', 'C0000042', customer('C0000042')),
];

function review(id: string, author: string, subject: { readonly id: string }) {
  return {
    __typename: 'Review',
    id,
    body: `Body of ${id}`,
    stars: 4,
    mood: 'HAPPY',
    tags: ['fast'],
    author: customer(author),
    subject,
  };
}

const resolvers = {
  Query: {
    reviews: () => reviews,
    review: (_: unknown, { id }: { readonly id: string }) =>
      reviews.find((candidate) => candidate.id === id) ?? null,
  },
  Customer: {
    __resolveReference: ({ id }: { readonly id: string }) => ({
      id,
      rating: 4.5,
      reviews: reviews.filter(({ author }) => author.id === id),
    }),
  },
};

/** A request as the subgraph received it. */
export interface ReceivedRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** Settles when the gateway has hung up before the answer. */
  readonly hungUp: Promise<void>;
}

export type Behaviour = (
  request: ReceivedRequest,
  response: ServerResponse,
) => void | Promise<void>;

export interface ReviewsServer {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** How it answers; like a federation server until this is set. */
  behave(behaviour: Behaviour | undefined): void;
  close(): Promise<void>;
}

/** Answers as a healthy federation server does. */
export const answerWell: Behaviour = async ({ query, variables }, response) => {
  const result = await graphql({ schema: schema(), source: query, variableValues: variables });
  sendJson(response, result);
};

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Serves reviews on a free port of this machine. */
export function startReviews(): Promise<ReviewsServer> {
  return startSubgraph(answerWell);
}

/** Serves any subgraph, which answers in this way until it is told to behave otherwise. */
export async function startSubgraph(usual: Behaviour): Promise<ReviewsServer> {
  const received: ReceivedRequest[] = [];
  let behaviour = usual;
  const server = createServer((incoming, response) => void handle(incoming, response));
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const { query, variables = {} } = JSON.parse(text);
    const hungUp = new Promise<void>((resolve) => response.once('close', resolve));
    const request = { query, variables, headers: incoming.headers, hungUp };
    received.push(request);
    await behaviour(request, response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    behave: (next) => (behaviour = next ?? usual),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let built: ReturnType<typeof buildSubgraphSchema> | undefined;
function schema(): ReturnType<typeof buildSubgraphSchema> {
  return (built ??= buildSubgraphSchema({ typeDefs: parse(reviewsSchema), resolvers }));
}
