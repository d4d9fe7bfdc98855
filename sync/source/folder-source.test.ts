import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { sql } from '../../lake/sql.ts';
import { openTestSync, type TestSync } from '../testing/open-sync.ts';

function declare(form = 'format: csv', more = ''): string {
  return `
tables:
  customer:
    source: { folder: { path: drops, ${form} } }
    key: { id: AccountId }
    columns: { account_value: Value, sales_rep: Rep, tier: { from: Tier, map: { gold: GOLD } } }
    watermark: { column: UpdatedAt }
    tombstone: { column: IsDeleted, equals: 'true' }
    ${more}
`;
}
const sales = declare();
const head = 'AccountId,Value,Rep,Tier,UpdatedAt,IsDeleted\n';

function rowsOf({ rows }: TestSync) {
  return rows(sql`SELECT id, account_value, sales_rep, tier FROM sales.customer ORDER BY id`);
}

async function idsOf(test: TestSync) {
  return (await rowsOf(test)).map(([id]) => id);
}

describe('a folder of CSV files', () => {
  it('is taken over: rows come, change and go', async () => {
    const test = await openTestSync({ declarations: { sales } });
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', rowsRead: 0 });
    test.drop(
      'drops/1.csv',
      `${head}C1,10.50,Ada,gold,2027-01-01T00:00:00Z,\nC2,20,Bob,SILVER,2027-01-01T00:00:01Z,false\nC99,1,,,2027-01-01T00:00:00Z,\n`,
    );
    expect(await test.run('sales')).toMatchObject({
      state: 'SUCCEEDED',
      rowsRead: 3,
      inserted: 2,
      waiting: 1,
      quarantined: 0,
      watermark: new Date('2027-01-01T00:00:01Z'),
      error: null,
    });
    expect(await rowsOf(test)).toEqual([
      ['C1', '10.50', 'Ada', 'GOLD'],
      ['C2', '20.00', 'Bob', 'SILVER'],
    ]);
    test.drop(
      'drops/2.csv',
      `${head}C1,11,Ada,gold,2027-01-02T00:00:00Z,\nC2,,,,2027-01-02T00:00:00Z,true\nC3,3,,,2027-01-02T00:00:00Z,\n`,
    );
    expect(await test.run('sales')).toMatchObject({
      rowsRead: 3,
      inserted: 1,
      updated: 1,
      deleted: 1,
    });
    expect(await rowsOf(test)).toEqual([
      ['C1', '11.00', 'Ada', 'GOLD'],
      ['C3', '3.00', null, null],
    ]);
  });

  it('may be missing until its first file, with a warning, and not later', async () => {
    const test = await openTestSync({ declarations: { sales } });
    const said = new RegExp(
      `^There is no folder ${join(test.projectDirectory, 'drops')}\\. .*the folder of supergraph\\.yaml`,
    );
    expect(await test.run('sales')).toMatchObject({
      state: 'SUCCEEDED',
      error: null,
      warning: expect.stringMatching(said),
    });
    test.drop('drops/1.csv', `${head}C1,10,Ada,gold,2027-01-01T00:00:00Z,\n`);
    expect(await test.run('sales')).not.toHaveProperty('warning');
    rmSync(join(test.projectDirectory, 'drops'), { recursive: true });
    expect(await test.run('sales')).toMatchObject({
      state: 'FAILED',
      error: expect.stringMatching(said),
    });
  });

  it('is taken file by file in the order of names, each once, and again when its content is another', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/b.csv', `${head}C1,2,,,2027-01-01,\n`);
    test.drop('drops/a.csv', `${head}C1,1,,,2027-01-01,\n`);
    expect(await test.run('sales')).toMatchObject({ rowsRead: 2, inserted: 1, updated: 1 });
    expect(await rowsOf(test)).toMatchObject([['C1', '2.00', null, null]]);
    expect(await test.run('sales')).toMatchObject({ rowsRead: 0 });
    // The same content under the same name, written anew, is the same file.
    test.drop('drops/a.csv', `${head}C1,1,,,2027-01-01,\n`);
    expect(await test.run('sales')).toMatchObject({ rowsRead: 0 });
    test.drop('drops/a.csv', `${head}C1,5,,,2027-01-03,\n`);
    expect(await test.run('sales')).toMatchObject({ rowsRead: 1, updated: 1 });
  });

  it('lets no older state overwrite a newer one, nor bring a row back that is gone', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', `${head}C1,1,,,2027-01-02,\nC2,,,,2027-01-02,true\n`);
    test.drop('drops/2.csv', `${head}C1,9,,,2027-01-01,\nC2,9,,,2027-01-01,\n`);
    expect(await test.run('sales')).toMatchObject({
      inserted: 1,
      stale: 2,
      watermark: new Date('2027-01-02Z'),
    });
    expect(await rowsOf(test)).toMatchObject([['C1', '1.00', null, null]]);
  });

  it('is not taken while a file is being written; what is hidden or partial never is', async () => {
    const time = new ManualTime(new Date());
    const test = await openTestSync({ declarations: { sales }, time });
    const folder = join(test.projectDirectory, 'drops');
    mkdirSync(folder);
    const write = (name: string): string => {
      const file = join(folder, name);
      writeFileSync(
        file,
        `${head}${name.slice(0, 2)},1,,,2027-01-01,\n`.replaceAll('2027-01', '2026-01'),
      );
      return file;
    };
    for (const name of ['C9.csv.part', 'C8.csv.tmp', '.C7.csv', 'C6.txt']) write(name);
    write('C1.csv');
    const growing = write('C2.csv');
    write('C3.csv');
    const running = test.sync.runNow({ domain: 'sales' });
    await time.until(() => time.waiting > 0, 0);
    appendFileSync(growing, 'C4,1,,,2026-01-01,\n');
    await time.advance(2_000);
    expect((await running).runs).toMatchObject([{ state: 'SUCCEEDED', rowsRead: 1 }]);
    expect(await idsOf(test)).toEqual(['C1']);
    // Later on, all of them are complete.
    const past = new Date(time.now().getTime() - 60_000);
    for (const name of ['C2.csv', 'C3.csv']) utimesSync(join(folder, name), past, past);
    expect(await test.run('sales')).toMatchObject({ rowsRead: 3 });
    expect(await idsOf(test)).toEqual(['C1', 'C2', 'C3', 'C4']);
  });

  it('that moves a file in by renaming it has it taken at once', async () => {
    const time = new ManualTime(new Date());
    const test = await openTestSync({ declarations: { sales }, time });
    const folder = join(test.projectDirectory, 'drops');
    mkdirSync(folder);
    writeFileSync(join(folder, 'upload'), `${head}C1,1,,,2026-01-01,\n`);
    // The times of files go on in steps of some milliseconds.
    await setTimeout(20);
    renameSync(join(folder, 'upload'), join(folder, '1.csv'));
    const { runs } = await test.sync.runNow({ domain: 'sales' });
    expect(runs).toMatchObject([{ inserted: 1 }]);
  });

  it.each([
    ['a line with too few values', `${head}C2,1,,,2027-01-01,\nC3,1\n`, /Line: 3/],
    ['no header', '\n', /does not name the columns/],
    ['a column named twice', 'AccountId,AccountId\n', /names the column "AccountId" twice/],
    [
      'bytes that are no UTF-8',
      Buffer.from(`${head}C2,1,M\xfcller,,2027-01-01,\n`, 'latin1'),
      /not utf-8/,
    ],
    ['an open quote', `${head}C2,1,"Ada,,2027-01-01,\n`, /quote/i],
  ])(
    'with %s fails the run, and stops the files behind it until it is mended',
    async (_title, text, problem) => {
      const test = await openTestSync({ declarations: { sales } });
      test.drop('drops/1.csv', `${head}C1,1,,,2027-01-01,\n`);
      test.drop('drops/2.csv', text as string);
      test.drop('drops/3.csv', `${head}C3,1,,,2027-01-01,\n`);
      for (const inserted of [1, 0]) {
        const run = await test.run('sales');
        expect(run).toMatchObject({ state: 'FAILED', inserted });
        expect(run.error).toMatch(/^The file 2\.csv cannot be read/);
        expect(run.error).toMatch(problem);
      }
      expect(await idsOf(test)).toEqual(['C1']);
      test.drop('drops/2.csv', `${head}C2,1,,,2027-01-01,\n`);
      expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 2 });
    },
  );

  it('without a column that the declaration names is told so', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', 'AccountId,Valeu,Rep,Tier,UpdatedAt,IsDeleted\n');
    const { state, error } = await test.run('sales');
    expect(state).toBe('FAILED');
    expect(error).toContain('1.csv has no column "Value". Did you mean "Valeu"?');
  });

  it('may be written in another way', async () => {
    const form = `format: csv, pattern: '*.txt', csv: { delimiter: ';', quote: "'", encoding: latin-1 }`;
    const test = await openTestSync({ declarations: { sales: declare(form) } });
    const text = `ACCOUNTID;value;Rep;Tier;UpdatedAt;IsDeleted\r\nC1;1.5;'Mü;ller';;2027-01-01;\r\n`;
    test.drop('drops/1.txt', Buffer.from(text, 'latin1') as unknown as string);
    expect(await test.run('sales')).toMatchObject({ inserted: 1 });
    expect(await rowsOf(test)).toEqual([['C1', '1.50', 'Mü;ller', null]]);
  });

  it('may have patterns in its names that DuckDB would read as such', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/[1]*.csv', `${head}C1,1,,,2027-01-01,\n`);
    test.drop('drops/1x.csv', `${head}C2,1,,,2027-01-01,\n`);
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', rowsRead: 2, inserted: 2 });
  });
});

describe('a snapshot in a folder', () => {
  const first = `${head}C1,1,,,2027-01-01,\nC2,2,,,2027-01-01,\nC3,3,,,2027-01-05,\nC77,1,,,2027-01-01,\n`;

  it('removes what it lacks, also from what waits', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', first);
    await test.run('sales');
    test.drop('drops/2.snapshot.csv', `${head}C1,1,,,2027-01-01,\nC2,2.5,,,2027-01-02,\n`);
    expect(await test.run('sales')).toMatchObject({
      state: 'SUCCEEDED',
      deleted: 1,
      updated: 1,
      unchanged: 1,
    });
    expect(await idsOf(test)).toEqual(['C1', 'C2']);
    expect((await test.sync.quarantined({ first: 10 })).items).toEqual([]);
    // An older state of what it removed does not come back, a newer one does.
    test.drop('drops/3.csv', `${head}C3,9,,,2027-01-04,\n`);
    expect(await test.run('sales')).toMatchObject({ stale: 1, inserted: 0 });
    test.drop('drops/4.csv', `${head}C3,9,,,2027-01-06,\n`);
    expect(await test.run('sales')).toMatchObject({ inserted: 1 });
  });

  it('keeps rows that are in it in a bad state', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', first);
    await test.run('sales');
    test.drop(
      'drops/2.snapshot.csv',
      `${head}C1,one,,,2027-01-06,\nC2,2,,,2027-01-01,\nC3,3,,,2027-01-05,\n`,
    );
    expect(await test.run('sales')).toMatchObject({ deleted: 0, quarantined: 1 });
    expect(await idsOf(test)).toEqual(['C1', 'C2', 'C3']);
  });

  it('that would remove too much is refused before anything changes', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', first);
    await test.run('sales');
    test.drop('drops/2.snapshot.csv', `${head}C1,100,,,2027-01-06,\n`);
    const run = await test.run('sales');
    expect(run).toMatchObject({
      state: 'REFUSED',
      updated: 0,
      deleted: 0,
      watermark: new Date('2027-01-05Z'),
    });
    expect(run.error).toContain('lacks 2 of the 3 rows that the lake has, and 50% at most may go');
    test.declare('sales', declare('format: csv', 'removals: 100%'));
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', updated: 1, deleted: 2 });
  });

  it('is taken again when a snapshot is asked for', async () => {
    const test = await openTestSync({
      declarations: { sales: declare('format: csv, snapshot: true') },
    });
    test.drop('drops/1.csv', first);
    await test.run('sales');
    await test.lake.write((tx) => tx.run(sql`DELETE FROM sales.customer WHERE id = 'C1'`));
    expect(await test.run('sales')).toMatchObject({ rowsRead: 0 });
    expect(await test.run('sales', 'customer', 'snapshot')).toMatchObject({
      rowsRead: 4,
      inserted: 1,
      unchanged: 2,
    });
  });
});

describe('a folder of NDJSON files', () => {
  const ndjson = declare('format: ndjson').replace('Rep,', 'person.name,');

  it('is taken over, with members of members and all digits', async () => {
    const test = await openTestSync({ declarations: { sales: ndjson } });
    test.drop(
      'drops/1.ndjson',
      '{"AccountId":"C1","Value":1234567890123456.78,"person":{"name":"Ada"},"UpdatedAt":"2027-01-01T00:00:00Z","IsDeleted":false}\n\n{"AccountId":"C2","Value":null,"UpdatedAt":"2027-01-01T00:00:00Z"}',
    );
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', rowsRead: 2, inserted: 2 });
    expect(await rowsOf(test)).toEqual([
      ['C1', '1234567890123456.78', 'Ada', null],
      ['C2', null, null, null],
    ]);
  });

  it('with lines that are no objects fails the run and names them', async () => {
    const test = await openTestSync({ declarations: { sales: ndjson } });
    test.drop(
      'drops/1.ndjson',
      '{"AccountId":"C1","UpdatedAt":"2027-01-01"}\n{"AccountId":\n[1]\n',
    );
    const { state, error } = await test.run('sales');
    expect(state).toBe('FAILED');
    expect(error).toContain(
      'The file 1.ndjson cannot be read: Line 2 is no JSON. Line 3 is no JSON object.',
    );
  });
});

describe('a folder of Parquet files', () => {
  it('is taken over', async () => {
    const test = await openTestSync({ declarations: { sales: declare('format: parquet') } });
    mkdirSync(join(test.projectDirectory, 'drops'));
    const file = join(test.projectDirectory, 'drops/1.parquet').replaceAll("'", "''");
    const statement = {
      text: `COPY (SELECT 'C1' AS "AccountId", 1.5::DECIMAL(10,2) AS "Value", 'Ada' AS "Rep", NULL::VARCHAR AS "Tier", TIMESTAMP '2027-01-01 10:00:00' AS "UpdatedAt", FALSE AS "IsDeleted") TO '${file}' (FORMAT parquet)`,
      values: [],
    };
    await test.lake.write((tx) => tx.run(statement));
    expect(await test.run('sales')).toMatchObject({
      inserted: 1,
      watermark: new Date('2027-01-01T10:00:00Z'),
    });
    expect(await rowsOf(test)).toEqual([['C1', '1.50', 'Ada', null]]);
    writeFileSync(join(test.projectDirectory, 'drops/2.parquet'), 'PAR1 and nothing more');
    const { state, error } = await test.run('sales');
    expect([state, error]).toEqual([
      'FAILED',
      expect.stringContaining('The file 2.parquet cannot be read'),
    ]);
    rmSync(join(test.projectDirectory, 'drops/2.parquet'));
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED' });
  });
});
