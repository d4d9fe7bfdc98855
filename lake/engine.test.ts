import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { openLake } from './engine.ts';
import { migrations, schemaVersion, type Migration } from './migrations.ts';
import { identifier, sql, value, type Statement } from './sql.ts';
import { hasOpen } from './running-process.ts';
import { runScript, runScriptInThread } from './testing/run-script.ts';
import { openTempLake } from './testing/temp-lake.ts';

const locked = expect.objectContaining({ code: 'LAKE_LOCKED' });

describe('opening a lake', () => {
  it('makes the directory, and finds the data again after closing', async () => {
    const directory = join(tempFolder(), 'new', 'lake');
    const first = await openLake({ directory });
    await first.write((tx) => tx.run(sql`CREATE TABLE kept AS SELECT 42 AS answer`));
    await first.close();
    expect(readdirSync(directory)).toEqual(['lake.duckdb']);
    const second = await openLake({ directory });
    onTestFinished(() => second.close());
    expect((await second.read(sql`SELECT answer FROM kept`)).columns).toEqual([[42]]);
  });

  it('refuses a second open in the same process, also by another path, and names the process', async () => {
    const { directory } = await openTempLake();
    const alias = join(tempFolder(), 'alias');
    symlinkSync(directory, alias);
    for (const path of [directory, alias]) {
      const second = openLake({ directory: path });
      await expect(second).rejects.toEqual(locked);
      await expect(second).rejects.toThrow(`process ${process.pid}`);
    }
  });

  it('refuses a second open in the same process even when the lock file was removed', async () => {
    const { directory } = await openTempLake();
    rmSync(join(directory, 'lake.lock'));
    await expect(openLake({ directory })).rejects.toEqual(locked);
  });

  it('lets only one of many opens at the same moment win', async () => {
    const directory = tempFolder();
    const opens = await Promise.allSettled(
      Array.from({ length: 8 }, () => openLake({ directory, memoryLimit: '256MB' })),
    );
    const opened = opens.filter(({ status }) => status === 'fulfilled');
    for (const result of opens) if (result.status === 'fulfilled') await result.value.close();
    expect(opened).toHaveLength(1);
  });

  it('refuses an open in a worker thread', async () => {
    const { directory } = await openTempLake();
    const worker = runScriptInThread('hold-lake.ts', directory);
    const [said] = await once(worker.stdout, 'data');
    expect(String(said)).toContain(
      `LAKE_LOCKED The lake in ${directory} is open in process ${process.pid}`,
    );
  });

  it('refuses an open in a second process, and names the one that has it', async () => {
    const { directory } = await openTempLake();
    const other = runScript('hold-lake.ts', directory);
    const { value: said } = await other.lines.next();
    expect(said).toContain(
      `LAKE_LOCKED The lake in ${directory} is open in process ${process.pid}`,
    );
  });

  it('names the process that DuckDB knows when the lock file was removed', async () => {
    const directory = tempFolder();
    const owner = runScript('hold-lake.ts', directory);
    expect((await owner.lines.next()).value).toBe('opened');
    rmSync(join(directory, 'lake.lock'));
    const second = openLake({ directory });
    await expect(second).rejects.toEqual(locked);
    await expect(second).rejects.toThrow(`process ${owner.process.pid}`);
  });

  it('takes over from a process that was killed', async () => {
    const directory = tempFolder();
    const owner = runScript('hold-lake.ts', directory);
    expect((await owner.lines.next()).value).toBe('opened');
    await expect(openLake({ directory })).rejects.toThrow(`process ${owner.process.pid}`);
    await owner.kill();
    const lake = await openLake({ directory });
    onTestFinished(() => lake.close());
    expect((await lake.read(sql`SELECT 1`)).rowCount).toBe(1);
  });

  it('says what is wrong with a file that is no lake, and lets go of the directory', async () => {
    const directory = tempFolder();
    writeFileSync(join(directory, 'lake.duckdb'), 'not a lake at all'.repeat(1000));
    await expect(openLake({ directory })).rejects.toMatchObject({ code: 'LAKE_UNREADABLE' });
    expect(readdirSync(directory)).toEqual(['lake.duckdb']);
  });

  it('says what is wrong with a directory that cannot be made', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    await expect(openLake({ directory: join(file, 'lake') })).rejects.toMatchObject({
      code: 'DATA_UNUSABLE',
    });
  });
});

describe('an open lake', () => {
  it('downloads no extension by itself, and reads times without a zone as UTC', async () => {
    const lake = await openTempLake({ memoryLimit: '300MB', threads: 1 });
    const settings = await lake.read(
      sql`SELECT name, value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions', 'TimeZone', 'checkpoint_threshold', 'memory_limit', 'threads') ORDER BY name`,
    );
    const [names = [], values = []] = settings.columns;
    expect(Object.fromEntries(names.map((name, index) => [String(name), values[index]]))).toEqual({
      TimeZone: 'UTC',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      checkpoint_threshold: '953.6 MiB',
      memory_limit: '286.1 MiB',
      threads: '1',
    });
    await expect(
      lake.read(sql`SELECT * FROM 'https://localhost:1/x.parquet'`),
    ).rejects.toMatchObject({ code: 'LAKE_QUERY_FAILED' });
  });

  it('tells the observer of each statement with its values', async () => {
    const seen: [Statement, string][] = [];
    const lake = await openTempLake({
      onStatement: (statement, kind) => seen.push([statement, kind]),
    });
    seen.length = 0;
    await lake.read(sql`SELECT ${value('a')}`);
    await lake.write((tx) => tx.run(sql`CREATE TABLE t (a INTEGER)`));
    expect(seen).toEqual([
      [{ text: 'SELECT $1', values: ['a'] }, 'read'],
      [{ text: 'CREATE TABLE t (a INTEGER)', values: [] }, 'write'],
    ]);
  });

  it('finishes what was begun when it closes, and takes nothing new', async () => {
    const directory = tempFolder();
    const lake = await openLake({ directory });
    const read = lake.read(sql`SELECT count(*) FROM range(3000000) AS r(i) WHERE i % 7 = 3`);
    const write = lake.write((tx) => tx.run(sql`CREATE TABLE late AS SELECT 1 AS one`));
    const closed = lake.close();
    expect(lake.close()).toBe(closed);
    await closed;
    expect((await read).columns).toEqual([[428571n]]);
    await write;
    await expect(lake.read(sql`SELECT 1`)).rejects.toMatchObject({ code: 'LAKE_CLOSED' });
    await expect(lake.write(() => Promise.resolve())).rejects.toMatchObject({
      code: 'LAKE_CLOSED',
    });
    expect(readdirSync(directory)).toEqual(['lake.duckdb']);
    expect(hasOpen(join(directory, 'lake.duckdb'))).toBe(false);
  });
});

describe('the schema version', () => {
  const added: Migration = {
    version: migrations.length + 1,
    name: 'add a table',
    apply: async (tx) => {
      await tx.run(sql`CREATE TABLE product.added AS SELECT 1 AS one`);
    },
  };

  it('is that of the program for a new lake, and stays', async () => {
    const directory = tempFolder();
    for (let round = 0; round < 2; round++) {
      const lake = await openLake({ directory });
      expect(await schemaVersion(lake)).toBe(migrations.length);
      await lake.close();
    }
  });

  it('of an older lake is brought forward, and its data stays', async () => {
    const directory = tempFolder();
    const older = await openLake({ directory });
    await older.write((tx) => tx.run(sql`CREATE TABLE kept AS SELECT 42 AS answer`));
    await older.close();
    const newer = await openLake({ directory, migrations: [...migrations, added] });
    onTestFinished(() => newer.close());
    expect(await schemaVersion(newer)).toBe(added.version);
    expect((await newer.read(sql`SELECT one, answer FROM product.added, kept`)).rowCount).toBe(1);
  });

  it('of a newer lake is refused with both versions, and the lake stays as it is', async () => {
    const directory = tempFolder();
    const newer = await openLake({ directory, migrations: [...migrations, added] });
    await newer.close();
    const older = openLake({ directory });
    await expect(older).rejects.toMatchObject({ code: 'LAKE_NEWER' });
    await expect(older).rejects.toThrow(
      `schema version ${added.version}; this program knows versions up to ${migrations.length}`,
    );
    const again = await openLake({ directory, migrations: [...migrations, added] });
    await again.close();
  });

  it('stays where it was when a step fails, and the lake can be opened by the program before', async () => {
    const directory = tempFolder();
    const broken: Migration = {
      ...added,
      apply: async (tx) => {
        await tx.run(sql`CREATE TABLE product.half AS SELECT 1 AS one`);
        await tx.run(sql`SELECT * FROM ${identifier('nowhere')}`);
      },
    };
    await expect(
      openLake({ directory, migrations: [...migrations, broken] }),
    ).rejects.toMatchObject({ code: 'LAKE_MIGRATION_FAILED' });
    const lake = await openLake({ directory });
    onTestFinished(() => lake.close());
    await expect(lake.read(sql`SELECT * FROM product.half`)).rejects.toThrow('does not exist');
  });
});
