import { describe, expect, it } from 'vitest';
import { sql, value } from './sql.ts';
import { endless, openNumbersLake, openTempLake } from './testing/temp-lake.ts';

describe('profile', () => {
  it('counts the rows that a statement looks at, also those that a filter leaves out', async () => {
    const lake = await openNumbersLake(5000);
    const filtered = sql`SELECT count(*) FROM number WHERE label LIKE ${value('%9')}`;
    expect(await lake.profile(filtered)).toEqual({ rowsRead: 5000 });
    const joined = sql`SELECT count(*) FROM number AS a JOIN number AS b ON a.label = b.label`;
    expect(await lake.profile(joined)).toEqual({ rowsRead: 10_000 });
  });

  it('counts what an index found as what was read', async () => {
    const lake = await openNumbersLake(5000);
    const point = sql`SELECT label FROM number WHERE n IN (${value(17)}, ${value(4711)})`;
    expect(await lake.profile(point)).toEqual({ rowsRead: 2 });
  });

  it('runs nothing but a SELECT', async () => {
    const lake = await openNumbersLake(3);
    await expect(lake.profile(sql`DELETE FROM number`)).rejects.toMatchObject({
      code: 'LAKE_READ_ONLY',
    });
    await expect(lake.profile(sql`SELECT 1; DELETE FROM number`)).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
    });
    expect((await lake.read(sql`SELECT n FROM number`)).rowCount).toBe(3);
  });

  it('is no statement that anybody asked, so that nobody is told of it', async () => {
    const texts: string[] = [];
    const lake = await openTempLake({ onStatement: ({ text }) => texts.push(text) });
    texts.length = 0;
    await lake.profile(sql`SELECT 42`);
    expect(texts).toEqual([]);
  });

  it('ends with its time', async () => {
    const lake = await openTempLake();
    await expect(lake.profile(endless, { timeoutMs: 40 })).rejects.toMatchObject({
      code: 'LAKE_TIMEOUT',
    });
    expect((await lake.read(sql`SELECT 42`)).columns).toEqual([[42]]);
  });
});
