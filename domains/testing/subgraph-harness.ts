import { readFileSync } from 'node:fs';
import type { ExecutionResult } from 'graphql';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { openLake } from '../../lake/engine.ts';
import {
  identifier,
  join,
  sql,
  table,
  value,
  type LakeValue,
  type Statement,
} from '../../lake/sql.ts';
import { addColumn, ensureTables } from '../../lake/tables.ts';
import { buildLakeModel } from '../../mapping/build-lake-model.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { readDomain } from '../../mapping/read-domain.ts';
import { tableDefinitions } from '../../mapping/tables.ts';
import { buildSubgraph, type ContextOptions, type SubgraphService } from '../build-subgraph.ts';
import { executeSubgraph } from '../execute-locally.ts';
import type { ResolverModule } from '../resolver-module.ts';

/** Rows by `domain.table`; columns that are not named stay null. */
export type TestRows = Readonly<Record<string, readonly Readonly<Record<string, LakeValue>>[]>>;

interface HarnessOptions {
  /** Schemas by the domain's name. */
  readonly schemas: Readonly<Record<string, string>>;
  readonly rows?: TestRows;
  readonly resolvers?: Readonly<Record<string, ResolverModule>>;
  /** Runs before the tables are made, for those that the lake has of its own. */
  readonly prepare?: readonly ReturnType<typeof sql>[];
}

export interface Answer extends ExecutionResult {
  /** What the lake was asked for this answer. */
  readonly statements: readonly Statement[];
}

export interface Harness {
  readonly model: LakeModel;
  readonly services: ReadonlyMap<string, SubgraphService>;
  ask(
    domain: string,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    options?: Partial<ContextOptions>,
  ): Promise<Answer>;
  /** Asks `_entities` of the domain. */
  entities(
    domain: string,
    type: string,
    selection: string,
    keys: readonly Readonly<Record<string, unknown>>[],
    options?: Partial<ContextOptions>,
  ): Promise<Answer & { readonly found: readonly unknown[] }>;
}

/** Domains over a real lake in a temporary folder, which goes away with the test. */
export async function openDomains({
  schemas,
  rows = {},
  resolvers = {},
  prepare = [],
}: HarnessOptions): Promise<Harness> {
  let statements: Statement[] = [];
  const lake = await openLake({
    directory: tempFolder(),
    onStatement: (statement, kind) => {
      if (kind === 'read') statements.push(statement);
    },
  });
  onTestFinished(() => lake.close());
  const domains = Object.entries(schemas).map(([name, sdl]) =>
    readDomain(name, sdl, `${name}.graphql`),
  );
  const model = buildLakeModel(domains);
  await lake.write(async (tx) => {
    for (const statement of prepare) await tx.run(statement);
    for (const missing of await ensureTables(tx, tableDefinitions(model))) {
      await addColumn(tx, missing);
    }
    for (const [name, records] of Object.entries(rows)) {
      for (const record of records) await tx.run(insert(name, record));
    }
  });
  const services = new Map(
    domains.map((domain) => [
      domain.name,
      buildSubgraph({
        domain,
        model,
        lake,
        resolvers: resolvers[domain.name] ?? {},
      }),
    ]),
  );
  const ask: Harness['ask'] = async (domain, query, variables, options) => {
    const service = services.get(domain);
    if (service === undefined) throw new Error(`There is no domain ${domain}.`);
    statements = [];
    const context = service.createContext({ decimals: 'number', ...options });
    const result = await executeSubgraph(service, { query, variables, context });
    return { ...result, statements };
  };
  return {
    model,
    services,
    ask,
    async entities(domain, type, selection, keys, options) {
      const query = `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on ${type} { ${selection} } } }`;
      const representations = keys.map((key) => ({ __typename: type, ...key }));
      const answer = await ask(domain, query, { keys: representations }, options);
      const found = answer.data?.['_entities'];
      return { ...answer, found: Array.isArray(found) ? found.map(plain) : [] };
    },
  };
}

/** The schema of a domain that is committed under `subgraphs/`. */
export function committedSchema(domain: string): string {
  const file = new URL(`../../subgraphs/${domain}/schema.graphql`, import.meta.url);
  return readFileSync(file, 'utf8');
}

/** Objects of graphql-js have no prototype; `toEqual` is easier to read with those that have one. */
export function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

function insert(name: string, record: Readonly<Record<string, LakeValue>>): ReturnType<typeof sql> {
  const [schema = '', tableName = ''] = name.split('.');
  const columns = join(
    Object.keys(record).map((column) => identifier(column)),
    ', ',
  );
  const values = join(Object.values(record).map(value), ', ');
  return sql`INSERT INTO ${table(schema, tableName)} (${columns}) VALUES (${values})`;
}
