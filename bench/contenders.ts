import {
  askAliases,
  askConnection,
  askExport,
  askFiltered,
  askGroups,
  askNewest,
  askPoint,
  askSingle,
  askStubs,
} from './ask-graphql.ts';
import {
  askPlainExport,
  askPlainFiltered,
  askPlainGroups,
  askPlainNewest,
  askPlainPage,
  askPlainPoint,
} from './ask-plain.ts';
import type { LakeCopies } from './data-set.ts';
import { startHive, startOtherGateway } from './other-gateways.ts';
import type { BodyOf, QuestionId } from './questions.ts';
import {
  benchServer,
  serve,
  startServerProcess,
  type Environment,
  type ServerProcess,
} from './server-process.ts';

export interface Contender {
  readonly name: string;
  readonly description: string;
  readonly path: string;
  /** How it is asked; a question that is not here it cannot answer. */
  readonly bodies: Readonly<Partial<Record<QuestionId, BodyOf>>>;
  /** Whether its answers are those of our graph to the letter, and not only the same customers in another form. */
  readonly hasOurForm: boolean;
  /** Starts its processes; the first is the one that is asked. */
  readonly start: (lakes: LakeCopies) => Promise<readonly ServerProcess[]>;
}

export const graphqlPath = '/graphql';

export const tributaryName = 'tributary';
export const uncachedName = 'uncached';
export const vanillaName = 'vanilla';
export const hiveName = 'hive';
export const limitName = 'sql-limit';
export const jsonName = 'sql-json';
export const constantName = 'constant';

const withoutCaches: Environment = {
  TRIBUTARY_GRAPH_ANSWER_CACHE_MB: '0',
  TRIBUTARY_GRAPH_ENTITY_CACHE_MB: '0',
};

const ourBodies: Contender['bodies'] = {
  point: askPoint,
  hot: askPoint,
  single: askSingle,
  page: askConnection,
  aliases: askAliases,
  filtered: askFiltered,
  groups: askGroups,
  newest: askNewest,
  export: askExport,
};

/** What can be asked of any graph of the authored subgraphs. */
const graphBodies: Contender['bodies'] = {
  point: askPoint,
  hot: askPoint,
  single: askSingle,
  aliases: askAliases,
};

const plainBodies: Contender['bodies'] = { ...graphBodies, page: askStubs };

export const contenders: readonly Contender[] = [
  {
    name: tributaryName,
    description:
      '`tributary serve` with its defaults: hub, gateway and lake in one process, caches on, an access log line a request',
    path: graphqlPath,
    bodies: ourBodies,
    hasOurForm: true,
    start: async (lakes) => [await serve(lakes)],
  },
  {
    name: uncachedName,
    description: 'the same with `graph.answerCacheMb: 0` and `graph.entityCacheMb: 0`',
    path: graphqlPath,
    bodies: ourBodies,
    hasOurForm: true,
    start: async (lakes) => [await serve(lakes, [], withoutCaches)],
  },
  {
    name: 'no-hub',
    description: '`tributary serve --no-hub`: federation through the domains, still in one process',
    path: graphqlPath,
    bodies: { point: askPoint },
    hasOurForm: true,
    start: async (lakes) => [await serve(lakes, ['--no-hub'])],
  },
  {
    name: vanillaName,
    description:
      'Apollo Server with `@apollo/gateway`, which asks the four subgraphs of a second process over HTTP; both processes count',
    path: '/',
    bodies: plainBodies,
    hasOurForm: false,
    start: (lakes) =>
      startOtherGateway(vanillaName, lakes, (file) =>
        startServerProcess([...benchServer('vanilla-gateway'), file]),
      ),
  },
  {
    name: hiveName,
    description:
      "Hive Gateway (npm, `--jit`), which asks the four subgraphs of a second process over HTTP; both processes count, the stub's does not",
    path: graphqlPath,
    bodies: plainBodies,
    hasOurForm: false,
    start: (lakes) => startOtherGateway(hiveName, lakes, (file) => startHive(file, ['--jit'])),
  },
  {
    name: 'hive-native',
    description: 'Hive Gateway with `--hive-router-runtime`: its planner and executor in Rust',
    path: graphqlPath,
    bodies: plainBodies,
    hasOurForm: false,
    start: (lakes) =>
      startOtherGateway('hive-native', lakes, (file) => startHive(file, ['--hive-router-runtime'])),
  },
  {
    name: limitName,
    description: '`node:http`, one prepared SELECT a request on the wide table, JSON made by hand',
    path: '/',
    bodies: { point: askPlainPoint, page: askPlainPage },
    hasOurForm: false,
    start: async (lakes) => [
      await startServerProcess([...benchServer('sql-limit'), await lakes.next()]),
    ],
  },
  {
    name: jsonName,
    description:
      '`node:http`, one prepared statement a request that makes the whole answer inside DuckDB, in the same form as ours, with the settings of our lake',
    path: '/',
    bodies: {
      point: askPlainPoint,
      page: askPlainPage,
      filtered: askPlainFiltered,
      groups: askPlainGroups,
      newest: askPlainNewest,
      export: askPlainExport,
    },
    hasOurForm: true,
    start: async (lakes) => [
      await startServerProcess([...benchServer('sql-json'), await lakes.next()]),
    ],
  },
  {
    name: constantName,
    description: '`node:http` that answers a constant of the same size',
    path: '/',
    bodies: { point: askPlainPoint, hot: askPlainPoint, page: askPlainPage },
    hasOurForm: false,
    start: async () => [await startServerProcess(benchServer('constant'))],
  },
];

/**
 * A server of somebody else, at a URL: it is asked what the authored subgraphs can be asked, when it answers that as we
 * do. What it costs is not known.
 */
export function contenderAt(name: string, url: URL): Contender {
  return {
    name,
    description: 'a server that was running before the bench; its CPU and memory are not known',
    path: `${url.pathname}${url.search}`,
    bodies: graphBodies,
    hasOurForm: false,
    start: () =>
      Promise.resolve([
        { pid: 0, isFree: true, port: Number(url.port), stop: () => Promise.resolve() },
      ]),
  };
}
