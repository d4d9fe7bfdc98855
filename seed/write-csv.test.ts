import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendBatch, ChunkFiller } from './append-batch.ts';
import { committedDirectory, committedOptions } from './committed-data.ts';
import { generate } from './generate.ts';
import { seedTables } from './tables.ts';
import { writeCsv } from './write-csv.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-seed-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('writeCsv', () => {
  it('writes what DuckDB reads back as the values that its appender was given', async () => {
    await writeCsv({ directory: folder, customers: 3_000 });
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    for (const { schema, table, columns } of seedTables) {
      const definitions = columns.map(({ name, sqlType }) => `${name} ${sqlType}`).join(', ');
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await connection.run(`CREATE TABLE ${schema}.${table} (${definitions})`);
      const appender = await connection.createAppender(table, schema);
      const filler = new ChunkFiller(columns);
      for (const batch of generate({ customers: 3_000 })) {
        if (batch.schema === schema && batch.table === table) appendBatch(appender, batch, filler);
      }
      appender.closeSync();

      const types = columns.map(({ name, sqlType }) => `'${name}': '${sqlType}'`).join(', ');
      const file = path.join(folder, schema, `${table}.csv`);
      const differences = await connection.runAndReadAll(
        `WITH written AS (SELECT * FROM read_csv('${file}', header = true, columns = {${types}})),
         appended AS (SELECT * FROM ${schema}.${table})
         SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM appended),
           (SELECT count(*) FROM (FROM written EXCEPT ALL FROM appended))`,
      );
      const [written, appended, different] = differences.getRows()[0] ?? [];
      expect(Number(written)).toBeGreaterThan(2_500);
      expect(appended).toBe(written);
      expect(different).toBe(0n);
    }
    connection.closeSync();
    instance.closeSync();
  });

  it('writes names with quotes, commas and other scripts as RFC 4180 says', async () => {
    const [identities = ''] = await writeCsv({ directory: folder, customers: 3_000 });
    const text = await readFile(identities, 'utf8');
    expect(text.startsWith('id,name,email,created_at,updated_at,created_by\nC0000001,')).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).toMatch(/^C\d{7},"[^"]*""[^"]+""[^"]*",/mu);
    expect(text).toMatch(/^C\d{7},"[^"]*, [^"]*",/mu);
    expect(text).toMatch(/^C\d{7},\p{Script=Han}+,/mu);
    expect(text).not.toContain('\r');
  });
});

describe('the committed data', () => {
  it('is what the generator writes', async () => {
    const files = await writeCsv({ directory: folder, ...committedOptions });
    let sizeBytes = 0;
    for (const file of files) {
      const committed = path.join(committedDirectory, path.relative(folder, file));
      const isSame = (await readFile(file)).equals(await readFile(committed));
      expect(isSame, `${committed} is stale: run \`npx tsx seed/committed-data.ts\``).toBe(true);
      sizeBytes += (await stat(committed)).size;
    }
    expect(sizeBytes).toBeLessThan(400_000);
  });
});
