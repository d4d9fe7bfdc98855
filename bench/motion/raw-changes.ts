import {
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/**
 * What a change costs in DuckDB alone: the statements of the ledger by hand, over the same tables, for values that are
 * made up on the way. Nothing is decided, and nobody waits for an answer.
 */
export class RawChanges {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #prepared = new Map<string, DuckDBPreparedStatement>();
  readonly #projection: string;
  #sequence: bigint;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    projection: string,
    sequence: bigint,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#projection = projection;
    this.#sequence = sequence;
  }

  static async open(directory: string): Promise<RawChanges> {
    const instance = await DuckDBInstance.create(join(directory, 'lake.duckdb'), {
      checkpoint_threshold: '1GB',
      dynamic_or_filter_threshold: '1024',
      index_scan_max_count: '100000',
    });
    const connection = await instance.connect();
    const tables = await connection.runAndReadAll(
      `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'hub' AND starts_with(table_name, 'customer_')`,
    );
    const newest = await connection.runAndReadAll(`SELECT max("sequence") FROM ledger.change`);
    return new RawChanges(
      instance,
      connection,
      String(tables.getRows()[0]?.[0]),
      BigInt(String(newest.getRows()[0]?.[0] ?? 0)),
    );
  }

  /** So many groups of creates; creates a second. */
  create(groups: number, size: number): Promise<number> {
    return this.#measure(groups, size, () => this.#createGroup(size));
  }

  /** Groups of half creates, half changes of names. */
  mix(groups: number, size: number, customers: number): Promise<number> {
    return this.#measure(groups, size, async () => {
      await this.#createGroup(size / 2, false);
      await this.#changeGroup(size / 2, customers);
    });
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #measure(groups: number, size: number, work: () => Promise<void>): Promise<number> {
    const start = performance.now();
    for (let group = 0; group < groups; group++) {
      await this.#connection.run('BEGIN');
      await work();
      await this.#connection.run('COMMIT');
    }
    return ((groups * size) / (performance.now() - start)) * 1_000;
  }

  async #createGroup(size: number, isAlone = true): Promise<void> {
    const ids = Array.from({ length: size }, () => randomUUID());
    const requests = ids.map((id) => `bench\n${id}`);
    const emails = ids.map((id) => `Customer/${id}@mail.example`);
    if (isAlone) {
      await this.#read('SELECT id, fingerprint, outcome FROM ledger.request WHERE id IN', requests);
      await this.#read('SELECT entity, "key" FROM ledger."match" WHERE "value" IN', emails);
    }
    const numbers = await this.#connection.runAndReadAll(
      `SELECT nextval('"identity"."customer_seq"') FROM range(${size})`,
    );
    const seq = numbers.getRows().map(([number]) => number as bigint);
    const now = new DuckDBTimestampTZValue(BigInt(Date.now()) * 1_000n);
    const person = [
      ids,
      ids,
      emails,
      ids.map(() => now),
      ids.map(() => now),
      ids.map(() => 'bench'),
    ];
    await this.#append(
      'identity',
      'customer',
      {
        _seq: seq,
        ...named(['id', 'name', 'email', 'created_at', 'updated_at', 'created_by'], person),
      },
      size,
    );
    await this.#append(
      'hub',
      this.#projection,
      {
        _seq: seq,
        ...named(['id', 'name', 'email', 'createdAt', 'updatedAt', 'createdBy'], person),
      },
      size,
    );
    await this.#log(ids, 'create');
    await this.#append(
      'ledger',
      'head',
      named(
        ['subject', 'entity', 'key', 'version', 'stamp', 'sequence', 'state'],
        [
          ids.map((id) => `Customer/${id}`),
          ids.map(() => 'Customer'),
          ids,
          ids.map(() => 1n),
          ids.map(() => stamp),
          ids.map(() => this.#sequence),
          ids.map(() => 'live'),
        ],
      ),
      size,
    );
    await this.#append(
      'ledger',
      'match',
      named(['value', 'entity', 'key'], [emails, ids.map(() => 'Customer'), ids]),
      size,
    );
    if (isAlone)
      await this.#append(
        'ledger',
        'request',
        named(
          ['id', 'fingerprint', 'outcome', 'time'],
          [
            requests,
            ids,
            ids.map((id) => JSON.stringify({ status: 'done', keyText: id })),
            ids.map(() => now),
          ],
        ),
        size,
      );
  }

  async #changeGroup(size: number, customers: number): Promise<void> {
    const ids = Array.from(
      { length: size },
      () => `C${String(1 + Math.floor(Math.random() * customers)).padStart(7, '0')}`,
    );
    await this.#read(
      'SELECT "key", "version", stamp, "sequence", merged_into FROM ledger.head WHERE subject IN',
      ids.map((id) => `Customer/${id}`),
    );
    await this.#read(
      'SELECT id, name, email, created_at, updated_at, created_by FROM identity.customer WHERE id IN',
      ids,
    );
    await this.#log(ids, 'update');
    for (const [table, time] of [
      ['identity.customer', 'updated_at'],
      [`hub."${this.#projection}"`, '"updatedAt"'],
    ]) {
      const rows = ids
        .map((_, row) => `($${row * 2 + 1}::VARCHAR, $${row * 2 + 2}::VARCHAR)`)
        .join(', ');
      await this.#run(
        `UPDATE ${table} AS t SET name = v.name, ${time} = now() FROM (VALUES ${rows}) AS v (id, name) WHERE t.id = v.id`,
        ids.flatMap((id) => [id, randomUUID()]),
      );
    }
  }

  async #log(ids: readonly string[], kind: string): Promise<void> {
    const size = ids.length;
    const first = this.#sequence + 1n;
    this.#sequence += BigInt(size);
    const numbers = ids.map((_, row) => first + BigInt(row));
    const now = new DuckDBTimestampTZValue(BigInt(Date.now()) * 1_000n);
    await this.#append(
      'ledger',
      'change',
      named(
        [
          'sequence',
          'transaction',
          'time',
          'stamp',
          'kind',
          'entity',
          'key',
          'domain',
          'version',
          'actor',
          'source',
        ],
        [
          numbers,
          numbers,
          ids.map(() => now),
          ids.map(() => stamp),
          ids.map(() => kind),
          ids.map(() => 'Customer'),
          ids,
          ids.map(() => 'identity'),
          ids.map(() => 1n),
          ids.map(() => 'bench'),
          ids.map(() => 'bench'),
        ],
      ),
      size,
    );
    const text = JSON.stringify({
      id: randomUUID(),
      name: 'Customer',
      email: 'c@mail.example',
      created_at: stamp,
      updated_at: stamp,
      created_by: 'bench',
    });
    await this.#append(
      'ledger',
      'change_value',
      named(
        ['sequence', 'before', 'after'],
        [numbers, ids.map(() => (kind === 'update' ? text : null)), ids.map(() => text)],
      ),
      size,
    );
  }

  async #append(
    schema: string,
    table: string,
    values: Readonly<Record<string, readonly DuckDBValue[]>>,
    size: number,
  ): Promise<void> {
    const names = await this.#columnsOf(schema, table);
    const appender = await this.#connection.createAppender(table, schema);
    const types = names.map((_, position) => appender.columnType(position));
    const chunk = DuckDBDataChunk.create(types, size);
    const nulls = Array.from({ length: size }, () => null);
    for (const [position, name] of names.entries())
      chunk.setColumnValues(position, values[name] ?? nulls);
    appender.appendDataChunk(chunk);
    appender.flushSync();
    appender.closeSync();
  }

  readonly #columns = new Map<string, readonly string[]>();

  async #columnsOf(schema: string, table: string): Promise<readonly string[]> {
    const name = `"${schema}"."${table}"`;
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const found = (await this.#connection.run(`SELECT * FROM ${name} LIMIT 0`)).columnNames();
    this.#columns.set(name, found);
    return found;
  }

  async #read(select: string, values: readonly string[]): Promise<void> {
    const list = values.map((_, position) => `$${position + 1}`).join(', ');
    await this.#run(`${select} (${list})`, values);
  }

  async #run(text: string, values: readonly string[]): Promise<void> {
    const prepared = this.#prepared.get(text) ?? (await this.#connection.prepare(text));
    this.#prepared.set(text, prepared);
    for (const [position, one] of values.entries()) prepared.bindVarchar(position + 1, one);
    await prepared.run();
  }
}

const stamp = '2026-11-28T12:00:00.000Z.0000';

function named(
  names: readonly string[],
  columns: readonly (readonly DuckDBValue[])[],
): Record<string, readonly DuckDBValue[]> {
  return Object.fromEntries(names.map((name, position) => [name, columns[position] ?? []]));
}
