import type { Lake, WriteTransaction } from '../../lake/engine.ts';
import { identifier, join, sql, type Sql } from '../../lake/sql.ts';
import type { RawShape } from './raw-shape.ts';
import { changesNothing } from '../../lake/versions.ts';

/**
 * Where the rows of one delivery stand until they are taken over: temporary tables of the writer's connection, which
 * DuckDB keeps on disk when they grow. They are filled and read by short transactions, so that identities are written
 * in between, and nothing of them is left after a crash. Should the lake have replaced the writer's connection
 * meanwhile, they are gone, and the run fails as if the source had broken off.
 */
export class Staging {
  readonly #lake: Lake;
  readonly #name: string;
  readonly #made = new Set<string>();
  #rowCount = 0;

  constructor(lake: Lake, name: string) {
    this.#lake = lake;
    this.#name = name;
  }

  /** Rows that have come so far. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** A temporary table of this delivery. */
  table(kind: StagedTable): Sql {
    return identifier('temp', 'main', this.#nameOf(kind));
  }

  /** Makes the table for rows that are appended. */
  async create(shape: RawShape): Promise<void> {
    const columns = this.#columnsOf(shape).map((name) => sql`${identifier(name)} VARCHAR`);
    await this.make(
      'raw',
      (name) => sql`CREATE TEMP TABLE ${name} ("_row" BIGINT, ${join(columns, ', ')})`,
    );
  }

  /** Adds rows as they come: for each column its texts. */
  async append(shape: RawShape, columns: readonly (readonly (string | null)[])[]): Promise<void> {
    const count = columns[0]?.length ?? 0;
    if (count === 0) return;
    const first = this.#rowCount + 1;
    const numbers = Array.from({ length: count }, (_, position) => BigInt(first + position));
    await this.#lake.write(
      (tx) =>
        // A table of the schema `main` that is not in the lake itself is a temporary one.
        tx.append('main', this.#nameOf('raw'), {
          columnNames: ['_row', ...this.#columnsOf(shape)],
          columns: [numbers, ...columns],
        }),
      changesNothing,
    );
    this.#rowCount += count;
  }

  /** Takes rows that DuckDB reads itself: a SELECT of `_row` and the texts. */
  async load(select: Sql): Promise<void> {
    const count = await this.make('raw', (name) => sql`CREATE TEMP TABLE ${name} AS ${select}`);
    this.#rowCount = count;
  }

  /** Makes another table of this delivery; gives the number of its rows. */
  async make(kind: StagedTable, statement: (name: Sql) => Sql): Promise<number> {
    this.#made.add(this.#nameOf(kind));
    return this.#lake.write(async (tx) => {
      await tx.run(statement(identifier(this.#nameOf(kind))));
      const counted = await tx.read(sql`SELECT count(*) FROM ${this.table(kind)}`);
      return Number(counted.columns[0]?.[0]);
    }, changesNothing);
  }

  async run(statement: Sql): Promise<number> {
    return this.#lake.write((tx) => tx.run(statement), changesNothing);
  }

  async read(statement: Sql): ReturnType<WriteTransaction['read']> {
    return this.#lake.write((tx) => tx.read(statement), changesNothing);
  }

  /** Removes the tables. What cannot be removed now goes with the connection. */
  async drop(): Promise<void> {
    const names = [...this.#made];
    this.#made.clear();
    if (names.length === 0) return;
    await this.#lake
      .write(async (tx) => {
        for (const name of names)
          await tx.run(sql`DROP TABLE IF EXISTS ${identifier('temp', 'main', name)}`);
      }, changesNothing)
      .catch(() => undefined);
  }

  #nameOf(kind: StagedTable): string {
    return `${this.#name}_${kind}`;
  }

  #columnsOf(shape: RawShape): readonly string[] {
    return shape.kind === 'json' ? ['raw'] : shape.names.map((_, position) => `c${position}`);
  }
}

type StagedTable = 'raw' | 'checked' | 'places' | 'missing';
