import { readFile } from 'node:fs/promises';
import { GraphQLError } from 'graphql';
import type { Clock } from '../foundation/clock.ts';
import type { Environment } from '../foundation/config/environment.ts';
import type { Config } from '../foundation/config/schema.ts';
import { fileProblem } from '../foundation/errors/file-problem.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { Log } from '../foundation/log.ts';
import { parseSchema } from '../mapping/schema-source.ts';
import { CallerBudgets } from './limits/caller-budgets.ts';
import { buildRemoteGraph } from './graph/build-graph.ts';
import { createDocumentRegistry } from './request/document-registry.ts';
import type { GraphSource } from './graph-source.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { RemoteSubgraphs } from './remote/remote-subgraphs.ts';

/** Graphs of a supergraph file, all of whose subgraphs are remote. There is no lake. */
export function supergraphSource(
  file: string,
  options: {
    readonly config: Config;
    readonly environment: Environment;
    readonly log: Log;
    readonly clock: Clock;
    readonly telemetry: Telemetry;
  },
): GraphSource {
  const budgets = new CallerBudgets({ ...options.config.graph.limits, clock: options.clock });
  const registry = createDocumentRegistry(options.config, options.log);
  const remotes = new RemoteSubgraphs(options);
  return {
    files: () => [file, ...registry.files],
    remotes,
    budgets,
    async build() {
      const supergraphSdl = await readFile(file, 'utf8').catch((error: unknown) => {
        const problem = fileProblem(error);
        throw raise('SUPERGRAPH_FILE_UNREADABLE', { file, problem }, { cause: error });
      });
      parseSchema(supergraphSdl, file);
      const documents = await registry.read();
      const parts = { ...options, documents, remotes, budgets };
      return buildRemoteGraph(supergraphSdl, parts).catch((error: unknown) => {
        if (!(error instanceof GraphQLError)) throw error;
        throw raise('SUPERGRAPH_FILE_INVALID', { file, problem: error.message }, { cause: error });
      });
    },
    afterSwap: () => Promise.resolve(),
    close: () => remotes.close(),
  };
}
