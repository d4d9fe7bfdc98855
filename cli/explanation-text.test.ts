import { expect, it } from 'vitest';
import { explanationText } from './explanation-text.ts';

const statement = {
  subgraph: '_hub',
  rowsReturned: 1,
  rowsRead: 1000,
  ms: 1.2345,
  waitedMs: 0.01,
  lane: 'scan',
} as const;

it('an explanation is a tree of who was asked, by which statements', () => {
  const text = explanationText({
    plan: 'QueryPlan {}',
    fetches: [
      { subgraph: '_hub', ms: 12.34 },
      { subgraph: 'reviews', ms: 3 },
      { subgraph: '_hub', ms: 1 },
    ],
    statements: [
      {
        ...statement,
        values: 2,
        sql: `SELECT " FROM ", (SELECT max(x) FROM b WHERE c) FROM "a" AS t LEFT JOIN "b" ON x WHERE y = $1 ORDER BY 1 LIMIT $2`,
      },
      { ...statement, values: 0, rowsReturned: null, rowsRead: null, sql: 'SELECT 1' },
    ],
  });
  expect(text).toBe(`QueryPlan {}

_hub: 13.3 ms in 2 fetches
├─ 1.23 ms, waited 0.01 ms in lane scan; 1 row returned; 1000 read; 2 values bound
│  SELECT " FROM ", (SELECT max(x) FROM b WHERE c)
│  FROM "a" AS t
│  LEFT JOIN "b" ON x
│  WHERE y = $1
│  ORDER BY 1
│  LIMIT $2
└─ 1.23 ms, waited 0.01 ms in lane scan; no answer
   SELECT 1

reviews: 3.00 ms
`);
});

it('an operation that only the hub answers has no plan to show', () => {
  const nothing = { fetches: [], statements: [] };
  expect(explanationText({ plan: 'hub', ...nothing })).toBe(
    'Plan: the hub answers the operation as it is.\n',
  );
  expect(explanationText({ plan: null, ...nothing })).toBe('Nothing was planned.\n');
});
