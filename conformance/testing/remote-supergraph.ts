import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { compose } from '../../registry/compose.ts';
import { askGraph, type GraphAnswer } from './ask-graph.ts';
import {
  linkFederation,
  startFederationServer,
  type FederationRequest,
  type FederationServer,
  type SmallSubgraph,
} from './federation-server.ts';
import { StreamReader } from './read-stream.ts';
import { startProjectUntilClosed, type TestProject } from './start-project.ts';

export interface RemoteSupergraph {
  readonly ask: TestProject['ask'];
  /** Asks one time only: for an answer that is another one each time. */
  readonly askOnce: (query: string) => Promise<GraphAnswer>;
  /** Asks for one of the operations of a document. */
  readonly askNamed: (query: string, operationName: string) => Promise<GraphAnswer>;
  /** Asks and gives the data alone; an error is a failure of the test. */
  readonly dataOf: (
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ) => Promise<GraphAnswer['data']>;
  /** A stream of server-sent events. */
  readonly subscribe: (
    query: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<StreamReader>;
  /** Of the server, once it runs. */
  readonly url: () => string;
  readonly dataDirectory: () => string;
  /** What one subgraph was asked since the test began or `forget` was called. */
  readonly received: (subgraph: string) => readonly FederationRequest[];
  readonly forget: () => void;
}

/**
 * For the tests of one `describe`: each subgraph is a server of its own, and `serve --supergraph` answers for all of
 * them. Nothing runs before the first test, and nothing after the last one.
 */
export function serveRemoteSupergraph(
  subgraphs: Readonly<Record<string, SmallSubgraph>>,
  flags: PartialConfig = {},
  /** Makes another one of the supergraph that the subgraphs compose to. */
  rewrite: (supergraphSdl: string) => string = (same) => same,
): RemoteSupergraph {
  const folder = sharedTempFolder();
  const servers = new Map<string, FederationServer>();
  let project: TestProject | undefined;

  beforeAll(async () => {
    for (const [name, subgraph] of Object.entries(subgraphs)) {
      servers.set(name, await startFederationServer(subgraph));
    }
    project = await serveSupergraph(folder, superSdl(), flags);
  });

  afterAll(async () => {
    await project?.server.close();
    for (const server of servers.values()) await server.close();
  });

  return {
    ask: (...question) => running().ask(...question),
    askOnce: (query) => askGraph(`${running().server.url}/graphql`, query),
    async askNamed(query, operationName) {
      const response = await fetch(`${running().server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, operationName }),
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    async dataOf(query, variables) {
      const { data, errors } = await running().ask(query, variables);
      expect(errors, query).toBeUndefined();
      return data;
    },
    subscribe: (query, headers = {}) => StreamReader.open(running().server.url, query, { headers }),
    url: () => running().server.url,
    dataDirectory: () => running().dataDirectory,
    received: (subgraph) => servers.get(subgraph)?.received ?? [],
    forget: () => servers.forEach(({ received }) => void (received.length = 0)),
  };

  function superSdl(): string {
    const composed = Object.entries(subgraphs).map(([name, { sdl, imports }]) => {
      return { name, url: servers.get(name)?.url ?? '', sdl: linkFederation(sdl, imports) };
    });
    return rewrite(compose({ subgraphs: composed }).supergraphSdl);
  }

  function running(): TestProject {
    if (project === undefined) throw new Error('The supergraph is served while tests run.');
    return project;
  }
}

function serveSupergraph(
  directory: string,
  supergraphSdl: string,
  flags: PartialConfig,
): Promise<TestProject> {
  const supergraphFile = join(directory, 'supergraph.graphql');
  writeFileSync(supergraphFile, supergraphSdl);
  return startProjectUntilClosed({
    projectDirectory: directory,
    flags,
    dataDirectory: join(directory, 'data'),
    supergraphFile,
  });
}
