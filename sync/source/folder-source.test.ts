import { describe, expect, it } from 'vitest';
import { sql } from '../../lake/sql.ts';
import { openTestSync, type TestSync } from '../testing/open-sync.ts';

const sales = `
tables:
  customer:
    source: { folder: { path: drops, format: csv } }
    key: { id: AccountId }
    columns: { account_value: Value, sales_rep: Rep, tier: { from: Tier, map: { gold: GOLD } } }
    watermark: { column: UpdatedAt }
    tombstone: { column: IsDeleted, equals: 'true' }
`;
const head = 'AccountId,Value,Rep,Tier,UpdatedAt,IsDeleted\n';

function rowsOf({ rows }: TestSync) {
  return rows(sql`SELECT id, account_value, sales_rep, tier FROM sales.customer ORDER BY id`);
}

describe('a folder of CSV files', () => {
  it('is taken over: rows come, change and go', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', `${head}C1,10.50,Ada,gold,2027-01-01T00:00:00Z,\nC2,20,Bob,SILVER,2027-01-01T00:00:01Z,false\nC99,1,,,2027-01-01T00:00:00Z,\n`);
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
    test.drop('drops/2.csv', `${head}C1,11,Ada,gold,2027-01-02T00:00:00Z,\nC2,,,,2027-01-02T00:00:00Z,true\nC3,3,,,2027-01-02T00:00:00Z,\n`);
    expect(await test.run('sales')).toMatchObject({ rowsRead: 3, inserted: 1, updated: 1, deleted: 1 });
    expect(await rowsOf(test)).toEqual([
      ['C1', '11.00', 'Ada', 'GOLD'],
      ['C3', '3.00', null, null],
    ]);
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', rowsRead: 0 });
  });
});
