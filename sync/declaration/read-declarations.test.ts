import { describe, expect, it } from 'vitest';
import { formatLocation } from '../../foundation/errors/tributary-error.ts';
import { errorOf, inlineModel } from '../../mapping/testing/inline-domain.ts';
import { readDeclaration, syncFileOf } from './read-declarations.ts';
import type { TableSync } from './sync-declaration.ts';

const model = inlineModel({
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }`,
  sales: `
    enum Tier { GOLD SILVER }
    type Customer @key(fields: "id") @table {
      id: ID! accountValue: Decimal @column(type: "DECIMAL(18,2)") salesRep: String tier: Tier since: Date
    }
    type Deal @key(fields: "id") @table { id: ID! customer: Customer! @relation(columns: ["customer_id"]) title: String! note: String! @column(default: "") }`,
});

function read(text: string, environment: Record<string, string> = {}): readonly TableSync[] {
  return readDeclaration('sales', 'sync.yaml', text, {
    model,
    projectDirectory: '/project',
    environment,
  }).tables;
}

function readOne(text: string, environment: Record<string, string> = {}): TableSync {
  const [table] = read(`tables:\n  customer:\n${text.replaceAll(/^/gm, '    ')}`, environment);
  if (table === undefined) throw new Error('There is a table.');
  return table;
}

describe('a sync.yaml', () => {
  it('needs no more than a source', () => {
    expect(readOne('source: { push: true }')).toMatchObject({
      domain: 'sales',
      table: 'customer',
      source: { kind: 'push' },
      schedule: undefined,
      key: ['id'],
      columns: [
        { name: 'id', from: 'id', isExpected: true },
        { name: 'account_value', from: 'account_value', trim: false, map: [], fallback: undefined },
        { name: 'sales_rep', from: 'sales_rep' },
        { name: 'tier', from: 'tier' },
        { name: 'since', from: 'since' },
      ],
      watermark: undefined,
      threshold: { kind: 'share', percent: 50 },
      objectiveMs: undefined,
    });
  });

  it('is synced at two at night, in the zone of the table or of the file, UTC by default', () => {
    const folder = 'source: { folder: { path: drops, format: csv } }';
    expect(readOne(folder).schedule).toEqual({ cron: '0 2 * * *', timeZone: 'UTC' });
    expect(readOne(`${folder}\nschedule: { timeZone: Europe/Berlin }`).schedule).toEqual({
      cron: '0 2 * * *',
      timeZone: 'Europe/Berlin',
    });
    const [table] = read(
      `schedule: { cron: '0 3 * * *', timeZone: Asia/Tokyo }\ntables:\n  deal:\n    ${folder}`,
    );
    expect(table?.schedule).toEqual({ cron: '0 3 * * *', timeZone: 'Asia/Tokyo' });
  });

  it('says where each value comes from and what becomes of it', () => {
    const { columns, key, watermark, tombstone, objectiveMs } = readOne(`
source: { folder: { path: drops/sales, format: csv } }
key: { id: AccountId }
columns:
  account_value: Value
  TIER: { from: Tier, trim: true, nullIf: ['-', 0], map: { gold: GOLD }, default: SILVER }
watermark: { column: UpdatedAt, overlap: PT1H }
tombstone: { column: IsDeleted, equals: true }
objective: PT26H`);
    expect(key).toEqual(['id']);
    expect(columns).toMatchObject([
      { name: 'id', from: 'AccountId' },
      { name: 'account_value', from: 'Value', sqlType: { kind: 'DECIMAL' } },
      {
        name: 'tier',
        from: 'Tier',
        trim: true,
        nullIf: ['-', '0'],
        map: [['gold', 'GOLD']],
        fallback: 'SILVER',
      },
    ]);
    expect(watermark).toEqual({ column: 'UpdatedAt', type: 'timestamp', overlap: 3_600_000_000n });
    expect(tombstone).toEqual({ column: 'IsDeleted', equals: ['true'] });
    expect(objectiveMs).toBe(93_600_000);
  });

  it('finds folders from the project’s own folder, and takes files by their ending', () => {
    expect(readOne('source: { folder: { path: drops/sales, format: ndjson } }').source).toEqual({
      kind: 'folder',
      path: '/project/drops/sales',
      format: 'ndjson',
      pattern: '*.ndjson',
      csv: { delimiter: ',', quote: '"', encoding: 'utf-8' },
      isSnapshot: false,
    });
  });

  it('reads an HTTP source, with what the environment knows', () => {
    const text = `
source:
  http:
    url: \${env.SALES_URL:-http://127.0.0.1:1}/customers
    headers: { authorization: 'Bearer \${env.SALES_TOKEN}' }
    since: updatedSince
    rows: $.data.items
    page: { kind: cursor, parameter: cursor, nextCursor: meta.next }
watermark: { column: updatedAt }`;
    expect(readOne(text, { SALES_TOKEN: 'secret' }).source).toMatchObject({
      kind: 'http',
      url: 'http://127.0.0.1:1/customers',
      headers: { authorization: 'Bearer secret' },
      rows: ['data', 'items'],
      page: { kind: 'cursor', parameter: 'cursor', nextCursor: ['meta', 'next'] },
    });
    expect(errorOf(() => readOne(text))).toMatchObject({
      code: 'SYNC_VARIABLE_UNSET',
      at: { file: 'sync.yaml', line: 7 },
    });
  });

  it('takes rules from the schema too: what is never null, and the values of an enum', () => {
    const { rules } = readOne(`
source: { push: true }
rules:
  - { column: account_value, range: { min: 0, max: 1000000000 } }
  - { column: sales_rep, pattern: '^.+$' }`);
    expect(rules.map(({ name, kind }) => [name, kind])).toEqual([
      ['tier: in', 'in'],
      ['account_value: range', 'range'],
      ['sales_rep: pattern', 'pattern'],
    ]);
  });

  it('has a rule for what a field or relation is never without', () => {
    const [table] = read('tables:\n  deal:\n    source: { push: true }');
    expect(table?.rules.map(({ name }) => name)).toEqual([
      'title: notNull',
      'customer_id: notNull',
    ]);
  });

  it('stands beside the schema', () => {
    expect(syncFileOf('/p/subgraphs/sales/schema.graphql')).toBe('/p/subgraphs/sales/sync.yaml');
  });
});

describe('a mistake in a sync.yaml', () => {
  const customer = 'tables:\n  customer:\n    source: { push: true }\n';
  it.each([
    ['tables: [', 'SYNC_FILE_INVALID', 'sync.yaml:1', /./],
    ['- 1', 'SYNC_SETTING_INVALID', 'sync.yaml', /The file is not valid: expected object/],
    ['', 'SYNC_SETTING_INVALID', 'sync.yaml', /tables/],
    [
      'table:\n  customer: {}',
      'SYNC_KEY_UNKNOWN',
      'sync.yaml:1:1',
      /The file has no key "table". Did you mean "tables"/,
    ],
    [`${customer}    shedule: {}`, 'SYNC_KEY_UNKNOWN', 'sync.yaml:4:5', /Did you mean "schedule"/],
    [
      `${customer}    columns: { tier: { form: T } }`,
      'SYNC_KEY_UNKNOWN',
      'sync.yaml:4:24',
      /Did you mean "from"/,
    ],
    [
      'tables:\n  customer:\n    source: { folder: { path: a, format: csv, csv: { delimeter: ";" } } }',
      'SYNC_KEY_UNKNOWN',
      'sync.yaml:3:54',
      /Did you mean "delimiter"/,
    ],
    [
      'tables:\n  customer:\n    source: {}',
      'SYNC_SETTING_INVALID',
      'sync.yaml:3:5',
      /one of folder, http, postgres and push/,
    ],
    [
      'tables:\n  customer:\n    source: { folder: { path: a, format: xls } }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:3:34',
      /format/,
    ],
    [
      'tables:\n  customer:\n    source: { http: { url: ftp://x } }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:3:23',
      /url/,
    ],
    [
      'tables:\n  customer:\n    source: { http: { url: http://x, since: s } }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:3:38',
      /needs a watermark/,
    ],
    [
      'tables:\n  customer:\n    source: { http: { url: http://x, page: { kind: cursor, parameter: c } } }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:3:38',
      /nextCursor/,
    ],
    [
      `${customer}    schedule: { cron: '0 2 * * *' }`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:5',
      /come by themselves/,
    ],
    [
      'tables:\n  customer:\n    source: { folder: { path: a, format: csv } }\n    schedule: { cron: daily }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:17',
      /five fields/,
    ],
    [
      'tables:\n  customer:\n    source: { folder: { path: a, format: csv } }\n    schedule: { timeZone: CET+1 }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:17',
      /no such time zone/,
    ],
    [
      `${customer}    threshold: many`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:5',
      /a share such as 5%/,
    ],
    [`${customer}    objective: 26h`, 'SYNC_SETTING_INVALID', 'sync.yaml:4:5', /ISO 8601/],
    [
      `${customer}    watermark: { column: c, type: integer, overlap: PT5M }`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:44',
      /by a number/,
    ],
    [
      'tables:\n  custmer: { source: { push: true } }',
      'SYNC_TABLE_UNKNOWN',
      'sync.yaml:2:3',
      /Did you mean "customer"/,
    ],
    [
      `${customer}    columns: { acount_value: V }`,
      'SYNC_COLUMN_UNKNOWN',
      'sync.yaml:4:16',
      /Did you mean "account_value"/,
    ],
    [`${customer}    key: { ident: V }`, 'SYNC_COLUMN_UNKNOWN', 'sync.yaml:4:12', /"ident"/],
    [
      `${customer}    rules: [{ column: tier }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:13',
      /one of notNull/,
    ],
    [
      `${customer}    rules: [{ column: tier, notNull: true, unique: true }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:13',
      /one of notNull/,
    ],
    [
      `${customer}    rules: [{ column: teir, notNull: true }]`,
      'SYNC_COLUMN_UNKNOWN',
      'sync.yaml:4:15',
      /tier/,
    ],
    [
      `${customer}    rules: [{ column: tier, pattern: '(?=x)' }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:13',
      /RE2/,
    ],
    [
      `${customer}    rules: [{ column: tier, pattern: '(' }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:13',
      /regular expression/i,
    ],
    [
      `${customer}    rules: [{ column: account_value, range: { min: low } }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:13',
      /low is no number/,
    ],
    [
      `${customer}    rules: [{ column: tier, reference: Custmer }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:4:13',
      /Did you mean "Customer"/,
    ],
    [
      `${customer}    columns: { tier: T }\n    rules: [{ column: since, notNull: true }]`,
      'SYNC_SETTING_INVALID',
      'sync.yaml:5:13',
      /does not write since/,
    ],
    [
      'tables:\n  customer:\n    source: { postgres: { url: "${HOME}", table: t } }',
      'SYNC_SETTING_INVALID',
      'sync.yaml:3:27',
      /other than an environment variable/,
    ],
  ])('%j is told with its place', (text, code, place, message) => {
    const error = errorOf(() => read(text));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(formatLocation(error.at ?? { file: '' })).toMatch(new RegExp(`^${place}`));
  });

  it('to sync identities is one', () => {
    const error = errorOf(() =>
      readDeclaration('identity', 'sync.yaml', customer, {
        model,
        projectDirectory: '/',
        environment: {},
      }),
    );
    expect(error).toMatchObject({ code: 'SYNC_TABLE_LIVE', at: { line: 2, column: 3 } });
    expect(error.message).toContain('identities of Customer');
  });
});
