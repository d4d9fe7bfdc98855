import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, subscribe, type ExecutionResult } from 'graphql';

type SubgraphModule = Parameters<typeof buildSubgraphSchema>[0];
type Resolvers = Extract<SubgraphModule, { readonly resolvers?: unknown }>['resolvers'];

/** A subgraph of a few lines: plain Federation 2 SDL without its link, and what stands behind it. */
export interface SmallSubgraph {
  readonly sdl: string;
  readonly resolvers?: Resolvers;
  /** What it imports of Federation besides, such as `"@policy"` or `{ name: "@policy", as: "@rule" }`. */
  readonly imports?: readonly string[];
}

export interface FederationRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
}

export interface FederationServer {
  readonly url: string;
  /** What it was asked, in order. */
  readonly received: FederationRequest[];
  readonly close: () => Promise<void>;
}

const imports = [
  '@key',
  '@requires',
  '@provides',
  '@external',
  '@shareable',
  '@override',
  '@inaccessible',
  '@interfaceObject',
  '@tag',
];

/** Whoever imports them has them in the supergraph, so only those do who use them. */
const importsOfContexts = ['@context', '@fromContext'];

/** The SDL as a federation server has it, with the link that makes it Federation 2. */
export function linkFederation(sdl: string, more: readonly string[] = []): string {
  const names = sdl.includes('@fromContext') ? [...imports, ...importsOfContexts] : imports;
  const list = [...names.map((name) => `"${name}"`), ...more].join(', ');
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${list}])\n${sdl}`;
}

/** Serves a subgraph on a free port of this machine, as a server with Apollo's subgraph library does. */
export async function startFederationServer({
  sdl,
  resolvers = {},
  imports: more = [],
}: SmallSubgraph): Promise<FederationServer> {
  const received: FederationRequest[] = [];
  const schema = buildSubgraphSchema({ typeDefs: parse(linkFederation(sdl, more)), resolvers });
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const { query, variables, operationName } = JSON.parse(text) as FederationRequest;
    received.push({ query, variables, operationName });
    if (incoming.headers.accept === 'text/event-stream') {
      const document = parse(query);
      const events = await subscribe({ schema, document, variableValues: variables });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for await (const event of Symbol.asyncIterator in events ? events : [events])
        response.write(`event: next\ndata: ${JSON.stringify(bodyOf(event))}\n\n`);
      response.end('event: complete\ndata:\n\n');
      return;
    }
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      operationName,
    });
    const body = JSON.stringify(bodyOf(result));
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  };
  const server = createServer((incoming, response) => void handle(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function bodyOf({ errors, data }: ExecutionResult): object {
  return {
    ...(data === undefined ? {} : { data }),
    // The messages are those of the test; a code says that readers may have them.
    ...(errors && {
      errors: errors.map((error) => ({
        ...error.toJSON(),
        extensions: { code: error.originalError ? 'TEST_FAILURE' : 'SUBGRAPH_MISASKED' },
      })),
    }),
  };
}
