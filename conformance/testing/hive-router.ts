import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import type { GraphAnswer } from './ask-graph.ts';

/** A federation router that is not ours. */
export interface HiveRouter {
  /** Names of the subgraphs that it asked, in order; cleared by `fetches.length = 0`. */
  readonly fetches: string[];
  readonly ask: (
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ) => Promise<Omit<GraphAnswer, 'status'>>;
  readonly close: () => Promise<void>;
}

/** Hive's gateway over a supergraph whose subgraphs it calls over HTTP. */
export function startHiveRouter(supergraphSdl: string): HiveRouter {
  const fetches: string[] = [];
  const router = createGatewayRuntime({
    supergraph: () => supergraphSdl,
    logging: false,
    maskedErrors: false,
    transports: {
      http: {
        getSubgraphExecutor: ({ subgraphName, transportEntry }) => {
          const executor = buildHTTPExecutor({ endpoint: transportEntry.location ?? '' });
          return (request) => {
            fetches.push(subgraphName);
            return executor(request);
          };
        },
      },
    },
  });
  return {
    fetches,
    async ask(query, variables = {}) {
      const response = await router.fetch('http://router.invalid/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Omit<GraphAnswer, 'status'>;
    },
    close: async () => router.dispose(),
  };
}
