import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import type { Environment } from '../../foundation/config/environment.ts';
import { loadConfig } from '../../foundation/config/load-config.ts';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { createLog, type Log } from '../../foundation/log.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import type { ReadFreshness } from '../../gateway/answer/known-freshness.ts';
import { KeptCompositions } from '../../registry/kept-compositions.ts';
import { startServer, type RunningServer } from '../../gateway/start-server.ts';
import { askEveryWay } from './ask-every-way.ts';
import { askGraph, type GraphAnswer } from './ask-graph.ts';

export interface TestProject {
  readonly server: RunningServer;
  readonly dataDirectory: string;
  /** SQL text of every statement that read the lake, in order; cleared by `statements.length = 0`. */
  readonly statements: string[];
  readonly ask: (
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<GraphAnswer>;
}

interface StartOptions {
  /** Folder with supergraph.yaml; this repository by default. */
  readonly projectDirectory?: string;
  readonly flags?: PartialConfig;
  readonly dataDirectory?: string;
  readonly log?: Log;
  readonly supergraphFile?: string;
  readonly onlySubgraph?: string;
  readonly isWatching?: boolean;
  readonly freshness?: ReadFreshness;
  readonly clock?: Clock;
  readonly environment?: Environment;
}

/** Tests of one worker compose the same projects again and again. */
const compositions = new KeptCompositions({ log: createLog({ level: 'silent' }) });

/** This repository's own folder. */
export const repositoryDirectory = resolve(import.meta.dirname, '../..');

/** Starts a whole server over a lake of its own on a free port, and closes both when the test is finished. */
export async function startProject(options: StartOptions = {}): Promise<TestProject> {
  const project = await startProjectUntilClosed({ dataDirectory: tempFolder(), ...options });
  onTestFinished(() => project.server.close());
  return project;
}

/** The same for a server that several tests share; who starts it closes it. */
export async function startProjectUntilClosed(
  options: StartOptions & { readonly dataDirectory: string },
): Promise<TestProject> {
  const { projectDirectory = repositoryDirectory, flags = {}, dataDirectory, ...rest } = options;
  const statements: string[] = [];
  const config = loadConfig({
    projectDirectory,
    environment: {},
    flags: {
      ...flags,
      server: { port: 0, ...flags.server },
      lake: { directory: dataDirectory, memoryLimitMb: 512, ...flags.lake },
    },
  });
  const server = await startServer({
    projectDirectory,
    config,
    environment: {},
    log: options.log ?? createLog({ level: 'silent' }),
    clock: systemClock,
    onStatement: ({ text }, kind) => {
      if (kind === 'read') statements.push(text);
    },
    compositions,
    ...rest,
  });
  const ask: TestProject['ask'] = async (query, variables, headers) => {
    const once = (): Promise<GraphAnswer> =>
      askGraph(`${server.url}/graphql`, query, variables, headers);
    // Whoever has a budget would have used it up three times as fast.
    if (flags.graph?.limits?.costPerSecond !== undefined) return once();
    let count: number | undefined;
    const answer = await askEveryWay(query, headers ?? {}, async () => {
      const found = await once();
      count ??= statements.length;
      return found;
    });
    // Those of the first time are what a test is told of.
    statements.length = count ?? 0;
    return answer;
  };
  return { server, dataDirectory, statements, ask };
}
