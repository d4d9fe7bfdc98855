import { openLake, type Lake } from '../../lake/engine.ts';
import { ensureProjections } from '../../lake/projection-tables.ts';
import { identifier, join, sql, table, value, type LakeValue, type Sql } from '../../lake/sql.ts';
import { ensureTables } from '../../lake/tables.ts';
import type { Entity, LakeModel } from '../../mapping/model.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { tableDefinitions } from '../../mapping/tables.ts';
import { inlineModel } from '../../mapping/testing/inline-domain.ts';
import { defaultLimits } from '../limits.ts';
import type { Condition } from '../question/condition.ts';
import { FilterBudget } from '../question/filter-budget.ts';
import { readFilter } from '../question/read-filter.ts';
import { conditionSql } from '../sql/condition-sql.ts';
import { Source } from '../sql/source.ts';

/** Rows of a lake that are filtered without a graph: the readers and the SQL of questions, and nothing else. */
export interface FilterLake {
  readonly lake: Lake;
  readonly model: LakeModel;
  readonly entity: (name: string) => Entity;
  readonly source: (entityName: string) => Source;
  /** Keys of the rows that a filter finds, in order; `filter` is an input as GraphQL coerces it. */
  readonly find: (entityName: string, filter: unknown) => Promise<readonly string[]>;
  readonly findBy: (entityName: string, condition: Condition) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

type Row = Readonly<Record<string, LakeValue>>;

interface FilterLakeOptions {
  /** An empty folder; who made it removes it. */
  readonly directory: string;
  /** Schemas without preamble. */
  readonly domains: Readonly<Record<string, string>>;
  /** Rows by domain and table; a column that a row does not name is null. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;
}

export async function openFilterLake(options: FilterLakeOptions): Promise<FilterLake> {
  const { directory, domains, rows } = options;
  const model = inlineModel(domains);
  const projections = projectionsOf(model);
  const lake = await openLake({ directory, memoryLimit: '512MB' });
  await lake.write(async (tx) => {
    await ensureTables(tx, tableDefinitions(model));
    for (const [schema, tables] of Object.entries(rows)) {
      for (const [name, some] of Object.entries(tables)) {
        for (const row of some) await tx.run(insert(schema, name, row));
      }
    }
    await ensureProjections(tx, projections.values(), () => {});
  });

  const entity = (name: string): Entity => found(model.entities.get(name), name);
  const source = (name: string): Source =>
    Source.of(found(projections.get(name), name), projections);
  const findBy: FilterLake['findBy'] = (name, condition) => {
    const from = source(name);
    return readTexts(lake, from, conditionSql(condition, { source: from }));
  };
  return {
    lake,
    model,
    entity,
    source,
    findBy,
    find: (name, filter) =>
      findBy(
        name,
        readFilter(filter, entity(name), model, new FilterBudget(defaultLimits), 'where'),
      ),
    close: () => lake.close(),
  };
}

/** Keys of several columns are written with a space between them. */
async function readTexts(lake: Lake, from: Source, where: Sql): Promise<readonly string[]> {
  const key = sql`concat_ws(' ', ${join(from.key(), ', ')})`;
  const rows = await lake.read(sql`SELECT ${key} FROM ${from.from()} WHERE ${where} ORDER BY 1`);
  return (rows.columns[0] ?? []).map(String);
}

/** The appender would take lists that hold a null for something else. */
function insert(schema: string, name: string, row: Row): Sql {
  const columns = Object.keys(row).map((column) => identifier(column));
  const values = Object.values(row).map((given) => value(given));
  return sql`INSERT INTO ${table(schema, name)} (${join(columns, ', ')}) VALUES (${join(values, ', ')})`;
}

function found<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) throw new Error(`There is no ${name}`);
  return thing;
}
