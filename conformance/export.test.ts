import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DuckDBInstance, type JS } from '@duckdb/node-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import { createLog } from '../foundation/log.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { openProject } from '../gateway/open-project.ts';
import { openLake, type ExportManifest, type ExportOptions, type Lake } from '../lake/engine.ts';
import { sql, value } from '../lake/sql.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { LakeModel } from '../mapping/model.ts';
import { prepareLake } from '../seed/prepare-lake.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { repositoryDirectory } from './testing/start-project.ts';

describe('an export of the lake', () => {
  it('has every table of every domain, the wide tables by their entities, and the log', async () => {
    const { lake, ledger, exportTo } = await openExample();
    await create(ledger, 'Ada');
    const directory = join(tempFolder(), 'copy');
    const manifest = await exportTo(directory);
    const names = manifest.tables.map(({ schema, table }) => `${schema}.${table}`);
    expect(names.toSorted()).toEqual([
      'billing.customer',
      'billing.invoice',
      'hub.Customer',
      'hub.Invoice',
      'identity.customer',
      'ledger.change',
      'ledger.change_value',
      'sales.customer',
      'support.customer',
    ]);
    expect(readManifest(directory)).toEqual(manifest);
    expect(filesIn(directory).toSorted()).toEqual(
      ['manifest.json', ...manifest.tables.map(({ file }) => file)].toSorted(),
    );
    const sums = await query(
      `SELECT count(*)::INTEGER AS n, sum(amount)::VARCHAR AS total, count(DISTINCT customer_id)::INTEGER AS customers FROM '${directory}/billing/invoice.parquet'`,
    );
    const inLake = await lake.read(
      sql`SELECT count(*)::INTEGER, sum(amount)::VARCHAR, count(DISTINCT customer_id)::INTEGER FROM billing.invoice`,
    );
    expect(Object.values(sums[0] ?? {})).toEqual(inLake.columns.map(([cell]) => cell));
    for (const { file, rowCount, columns } of manifest.tables) {
      const [counted] = await query(`SELECT count(*)::INTEGER AS n FROM '${directory}/${file}'`);
      expect([file, counted?.['n']]).toEqual([file, rowCount]);
      const found = await query(`DESCRIBE SELECT * FROM '${directory}/${file}'`);
      expect(found.map((row) => ({ name: row['column_name'], type: row['column_type'] }))).toEqual(
        columns,
      );
    }
  });

  it('says which program wrote it, when, and up to which change', async () => {
    const { ledger, exportTo } = await openExample();
    const directory = join(tempFolder(), 'copy');
    expect(await exportTo(directory)).toMatchObject({
      format: 'tributary-export/1',
      version: '1.2.3',
      sequence: 0,
    });
    await create(ledger, 'Ada');
    await create(ledger, 'Bo');
    const before = new Date();
    const { sequence, time } = await exportTo(directory, { mayReplace: true });
    expect(sequence).toBe(2);
    expect(new Date(time).getTime()).toBeGreaterThanOrEqual(before.getTime());
    const changes = await query(
      `SELECT c."sequence"::INTEGER AS n, v."after" FROM '${directory}/ledger/change.parquet' c JOIN '${directory}/ledger/change_value.parquet' v USING ("sequence") ORDER BY n`,
    );
    expect(changes.map((row) => row['n'])).toEqual([1, 2]);
    expect(String(changes[0]?.['after'])).toContain('Ada');
  });

  it('holds no secret and nothing that the product keeps for itself', async () => {
    const { lake, exportTo } = await openExample();
    await lake.write((tx) =>
      tx.run(
        sql`INSERT INTO events.subscriber (id, name, owner, url, secret, entities, types, includes_own, may_veto, veto_window_ms, state, "position", created_at)
          VALUES ('s', 'crm', 'crm', 'https://example.com', ${value('whsec_do_not_tell')}, '[]', '[]', false, false, 0, 'ACTIVE', 0, now())`,
      ),
    );
    const directory = join(tempFolder(), 'copy');
    await exportTo(directory);
    for (const file of filesIn(directory))
      expect(readFileSync(join(directory, file), 'latin1')).not.toContain('whsec_');
    expect(readdirSync(directory)).not.toContain('events');
  });

  it('is one state of all tables, while the lake is written', async () => {
    const { ledger, exportTo } = await openExample();
    const stopped = new AbortController();
    let created = 0;
    const writing = (async () => {
      while (!stopped.signal.aborted) {
        await Promise.all(Array.from({ length: 20 }, () => create(ledger, `Person ${created++}`)));
      }
    })();
    for (let round = 0; round < 3; round++) {
      const directory = join(tempFolder(), 'copy');
      const { sequence, tables } = await exportTo(directory);
      const file = (name: string): string => `'${directory}/${name}.parquet'`;
      const [found] = await query(
        `SELECT (SELECT max("sequence")::INTEGER FROM ${file('ledger/change')}) AS newest,
          (SELECT count(*)::INTEGER FROM ${file('ledger/change')}) AS changes,
          (SELECT count(*)::INTEGER FROM ${file('ledger/change_value')}) AS held,
          (SELECT count(*)::INTEGER FROM ${file('identity/customer')} WHERE name LIKE 'Person %') AS identities,
          (SELECT count(*)::INTEGER FROM ${file('identity/customer')} i FULL JOIN ${file('hub/Customer')} h ON i.id = h.id WHERE i.id IS NULL OR h.id IS NULL OR i.name <> h.name) AS different`,
      );
      expect(found).toEqual({
        newest: sequence === 0 ? null : sequence,
        changes: sequence,
        held: sequence,
        identities: sequence,
        different: 0,
      });
      expect(tables.find(({ schema }) => schema === 'ledger')?.rowCount).toBe(sequence);
    }
    stopped.abort();
    await writing;
    expect(created).toBeGreaterThan(20);
  });

  it('does not take the place of what is there, unless it is an export that may be replaced', async () => {
    const { exportTo } = await openExample();
    const parent = tempFolder();
    const directory = join(parent, 'copy');
    mkdirSync(directory, { mode: 0o750 });
    await exportTo(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o750);
    const first = readManifest(directory);
    await expect(exportTo(directory)).rejects.toMatchObject({ code: 'EXPORT_TARGET_NOT_EMPTY' });
    expect(readManifest(directory)).toEqual(first);
    await exportTo(directory, { mayReplace: true });
    expect(readManifest(directory).time).not.toBe(first.time);
    writeFileSync(join(directory, 'billing', 'notebook.ipynb'), '{}');
    await expect(exportTo(directory, { mayReplace: true })).rejects.toMatchObject({
      code: 'EXPORT_TARGET_FOREIGN',
      message: expect.stringContaining('billing/notebook.ipynb'),
    });
    expect(existsSync(join(directory, 'billing', 'notebook.ipynb'))).toBe(true);
    expect(readdirSync(parent)).toEqual(['copy']);
  });

  it.each(['notes.txt', 'manifest.json'])(
    'never removes a folder with %s that is no export',
    async (name) => {
      const { exportTo } = await openExample();
      const directory = tempFolder();
      writeFileSync(join(directory, name), '{ "tables": 7 }');
      await expect(exportTo(directory, { mayReplace: true })).rejects.toMatchObject({
        code: 'EXPORT_TARGET_FOREIGN',
      });
      expect(readdirSync(directory)).toEqual([name]);
    },
  );

  it('goes where a link leads, and makes folders on the way', async () => {
    const { exportTo } = await openExample();
    const parent = tempFolder();
    mkdirSync(join(parent, 'disk', 'copy'), { recursive: true });
    symlinkSync(join(parent, 'disk', 'copy'), join(parent, 'link'));
    await exportTo(join(parent, 'link'));
    await exportTo(join(parent, 'link'), { mayReplace: true });
    expect(readManifest(join(parent, 'disk', 'copy')).tables).not.toEqual([]);
    await exportTo(join(parent, 'a', 'b', 'c'));
    expect(readManifest(join(parent, 'a', 'b', 'c')).tables).not.toEqual([]);
  });

  it('leaves nothing when the disk is full', async () => {
    const { exportTo } = await openExample();
    const parent = tempFolder();
    const directory = join(parent, 'copy');
    const fill = (): void => {
      const [partial = ''] = readdirSync(parent);
      const file = join(parent, partial, 'hub', 'Customer.parquet');
      mkdirSync(dirname(file), { recursive: true });
      rmSync(file, { force: true });
      symlinkSync('/dev/full', file);
    };
    await expect(exportTo(directory, { onProgress: fill })).rejects.toMatchObject({
      code: 'EXPORT_FAILED',
      message: expect.stringContaining('No space left on device'),
    });
    expect(readdirSync(parent)).toEqual([]);
    // And the lake goes on.
    await exportTo(directory);
    expect(readdirSync(parent)).toEqual(['copy']);
  });

  it('leaves what was there when it fails', async () => {
    const { exportTo } = await openExample();
    const parent = tempFolder();
    const directory = join(parent, 'copy');
    await exportTo(directory);
    const before = readManifest(directory);
    const controller = new AbortController();
    const options = {
      mayReplace: true,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    };
    await expect(exportTo(directory, options)).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' });
    expect(readManifest(directory)).toEqual(before);
    expect(readdirSync(parent)).toEqual(['copy']);
  });

  it('is given up when the lake closes, which it does not hold up', async () => {
    const { lake, exportTo } = await openExample();
    const parent = tempFolder();
    let closing: Promise<void> | undefined;
    const running = exportTo(join(parent, 'copy'), {
      onProgress: () => {
        closing ??= lake.close();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' });
    await closing;
    expect(readdirSync(parent)).toEqual([]);
    await expect(exportTo(join(parent, 'copy'))).rejects.toMatchObject({ code: 'LAKE_CLOSED' });
  });

  it('is one at a time', async () => {
    const { exportTo } = await openExample();
    const parent = tempFolder();
    const first = exportTo(join(parent, 'one'));
    await expect(exportTo(join(parent, 'two'))).rejects.toMatchObject({ code: 'EXPORT_RUNNING' });
    await first;
    await exportTo(join(parent, 'two'));
    expect(readdirSync(parent).toSorted()).toEqual(['one', 'two']);
  });

  it('tells how far it has come, up to all rows', async () => {
    const { exportTo } = await openExample();
    const told: { readonly rowsDone: number; readonly rowsTotal: number }[] = [];
    const { tables } = await exportTo(join(tempFolder(), 'copy'), {
      onProgress: (progress) => told.push(progress),
    });
    const total = tables.reduce((sum, { rowCount }) => sum + rowCount, 0);
    expect(told.at(-1)).toMatchObject({ rowsDone: total, rowsTotal: total });
    const done = told.map(({ rowsDone }) => rowsDone);
    expect(done).toEqual(done.toSorted((one, other) => one - other));
  });

  it('has files for tables of any name', async () => {
    const project = ProjectFolder.empty(tempFolder());
    const names = [
      '../../evil',
      "it's",
      '.hidden',
      'ü',
      'a'.repeat(200),
      `${'ä'.repeat(199)}b`,
      'con:%',
    ];
    const types = names.map(
      (name, index) =>
        `type T${index} @key(fields: "id") @table(name: ${JSON.stringify(name)}) { id: ID! }`,
    );
    project.addSubgraph(
      'odd',
      `${schemaHead}${types.join('\n')}\ntype Query { t0(id: ID!): T0 }\n`,
    );
    const { exportTo } = await openExample(project.directory);
    const parent = tempFolder();
    const { tables } = await exportTo(join(parent, 'copy'));
    expect(readdirSync(parent)).toEqual(['copy']);
    const odd = tables.filter(({ schema }) => schema === 'odd');
    expect(odd.map(({ table }) => table)).toEqual(names);
    expect(odd.every(({ file }) => existsSync(join(parent, 'copy', file)))).toBe(true);
    expect(odd.every(({ file }) => dirname(file) === 'odd' && basename(file).length < 256)).toBe(
      true,
    );
    await exportTo(join(parent, 'copy'), { mayReplace: true });
  });
});

interface Example {
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly exportTo: (
    directory: string,
    options?: Partial<ExportOptions>,
  ) => Promise<ExportManifest>;
}

async function openExample(projectDirectory = repositoryDirectory): Promise<Example> {
  const directory = tempFolder();
  const log = createLog({ level: 'silent' });
  const environment = {};
  const config = loadConfig({ projectDirectory, environment, flags: { lake: { directory } } });
  const { authored } = await openProject({ projectDirectory, config, environment });
  const model: LakeModel = authored.model;
  const lake = await openLake({ directory, memoryLimit: '512MB', log });
  onTestFinished(() => lake.close());
  const ledger = await Ledger.open({ lake, clock: systemClock, newId: randomUUID, log });
  const { seedDirectory } = config.lake;
  await prepareLake({ lake, model, seedDirectory, log, onPrepared: () => ledger.use(model) });
  const always = { model, version: '1.2.3', clock: systemClock, mayReplace: false };
  return {
    lake,
    ledger,
    exportTo: (path, options) => lake.exportParquet({ ...always, directory: path, ...options }),
  };
}

async function create(ledger: Ledger, name: string): Promise<void> {
  const origin = { actor: 'test', source: 'test' };
  const id = randomUUID();
  const fields = { name, email: `${id}@example.com` };
  const outcome = await ledger.submit({
    kind: 'create',
    entity: 'Customer',
    origin,
    key: {},
    fields,
  });
  expect(outcome.problems).toEqual([]);
}

/** Another engine: it has nothing but the files. */
async function query(text: string): Promise<readonly Record<string, JS>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(text);
  const rows = result.getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

function readManifest(directory: string): ExportManifest {
  return JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as ExportManifest;
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  );
}
