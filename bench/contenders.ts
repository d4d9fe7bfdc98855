import {
  askAliases,
  askConnection,
  askExport,
  askFiltered,
  askGroups,
  askNewest,
  askPoint,
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
import type { BodyOf, QuestionId } from './questions.ts';
import {
  benchServer,
  startServerProcess,
  tributary,
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
export const vanillaName = 'vanilla';
export const limitName = 'sql-limit';
export const jsonName = 'sql-json';

export const contenders: readonly Contender[] = [
  {
    name: tributaryName,
    description:
      '`tributary serve` with its defaults: hub, gateway and lake in one process, an access log line a request',
    path: graphqlPath,
    bodies: {
      point: askPoint,
      page: askConnection,
      aliases: askAliases,
      filtered: askFiltered,
      groups: askGroups,
      newest: askNewest,
      export: askExport,
    },
    hasOurForm: true,
    start: async (lakes) => [await serve(lakes)],
  },
  {
    name: 'no-hub',
    description: '`tributary serve --no-hub`: federation through the domains, still in one process',
    path: graphqlPath,
    bodies: { point: askPoint, aliases: askAliases },
    hasOurForm: true,
    start: async (lakes) => [await serve(lakes, ['--no-hub'])],
  },
  {
    name: vanillaName,
    description:
      'Apollo Server with `@apollo/gateway`, which asks the four subgraphs of a second process over HTTP; both processes count',
    path: '/',
    bodies: { point: askPoint, page: askStubs, aliases: askAliases },
    hasOurForm: false,
    start: async (lakes) => {
      // Vanilla servers write no access log.
      const environment = { TRIBUTARY_LOG_LEVEL: 'warn' };
      const subgraphs = await serve(lakes, ['--no-hub'], environment);
      const gateway = await startServerProcess([
        ...benchServer('vanilla-gateway'),
        `http://127.0.0.1:${subgraphs.port}`,
      ]);
      return [gateway, subgraphs];
    },
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
    name: 'constant',
    description: '`node:http` that answers a constant of the same size',
    path: '/',
    bodies: { point: askPlainPoint, page: askPlainPage },
    hasOurForm: false,
    start: async () => [await startServerProcess(benchServer('constant'))],
  },
];

/** `tributary serve` on a lake of its own. */
export async function serve(
  lakes: LakeCopies,
  flags: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const command = [...tributary, 'serve', '--port', '0', '--data', await lakes.next(), ...flags];
  return startServerProcess(command, { environment });
}
