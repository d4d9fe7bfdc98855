import { onTestFinished } from 'vitest';
import { createCallerIdentifier } from '../../access/identify-caller.ts';
import { KeyStore } from '../../access/key-store.ts';
import { systemClock } from '../../foundation/clock.ts';
import { loadConfig } from '../../foundation/config/load-config.ts';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { MetricPage } from '../../foundation/metrics/metric-page.ts';
import { createLog } from '../../foundation/log.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { buildProjectGraph } from '../../gateway/graph/build-graph.ts';
import { CurrentGraph } from '../../gateway/graph/current-graph.ts';
import { startHttpServer } from '../../gateway/http/start-http-server.ts';
import { openProject } from '../../gateway/open-project.ts';
import { serverRoutes } from '../../gateway/routes.ts';
import { openLake } from '../../lake/engine.ts';
import { identifier, sql, table } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { askGraph, type GraphAnswer } from './ask-graph.ts';
import { repositoryDirectory } from './start-project.ts';

export interface SlowProject {
  readonly ask: (query: string, signal?: AbortSignal) => Promise<GraphAnswer>;
  /** SQL text of every statement that DuckDB began, in order. */
  readonly statements: readonly string[];
  /** Scans that the lake runs at once; more of them wait. */
  readonly scanConnections: number;
}

interface SlowOptions {
  readonly limits?: NonNullable<PartialConfig['graph']>['limits'];
  readonly memoryLimit?: string;
}

/**
 * A whole server over the committed data, where no statement that reads the projection of one entity ever ends: its
 * table is replaced by a view of more rows than a machine can go through.
 */
export async function startSlowProject(
  slowEntity: string,
  { limits = {}, memoryLimit = '512MB' }: SlowOptions = {},
): Promise<SlowProject> {
  const directory = tempFolder();
  const config = loadConfig({
    projectDirectory: repositoryDirectory,
    environment: {},
    flags: { server: { port: 0 }, lake: { directory }, graph: { limits } },
  });
  const { seedDirectory } = config.lake;
  const log = createLog({ level: 'silent' });
  const statements: string[] = [];
  const project = await openProject({
    projectDirectory: repositoryDirectory,
    config,
    environment: {},
  });
  const { model } = project.authored;
  const lake = await openLake({
    directory,
    memoryLimit,
    threadPoolSize: 5,
    onStatement: ({ text }, kind) => {
      if (kind === 'read') statements.push(text);
    },
  });
  onTestFinished(() => lake.close());
  await prepareLake({ lake, model, seedDirectory, log });
  const projection = projectionsOf(model).get(slowEntity);
  if (projection === undefined) throw new Error(`There is no projection of ${slowEntity}`);
  const slow = table('hub', projection.table);
  const rows = identifier('hub', 'rows_of_slow_view');
  await lake.write(async (tx) => {
    await tx.run(sql`CREATE TABLE ${rows} AS SELECT * FROM ${slow}`);
    await tx.run(sql`DROP TABLE ${slow}`);
    await tx.run(
      sql`CREATE VIEW ${slow} AS SELECT t.* FROM ${rows} AS t, range(1000000000000) AS r(i) WHERE hash(r.i) = 1`,
    );
  });
  const current = new CurrentGraph(await buildProjectGraph({ project, lake, config, log }));
  const clock = systemClock;
  const identify = createCallerIdentifier({ config, keyStore: new KeyStore(directory), clock });
  const routes = serverRoutes(current, async () => new MetricPage());
  const front = await startHttpServer({ config, log, routes, identify, clock });
  onTestFinished(async () => {
    await front.close();
    await current.stop();
  });
  statements.length = 0;
  return {
    ask: (query, signal) => askGraph(`${front.url}/graphql`, query, {}, {}, signal),
    statements,
    scanConnections: 2,
  };
}
