import { describe, expect, test } from 'vitest';
import { sql } from '../lake/sql.ts';
import type { IdentityCommand } from './identity-command.ts';
import { openTestLedger, projectionOf, shopDomains } from './testing/open-ledger.ts';

const origin = { actor: 'crm', source: 'crm/1' };

function create(id: string, name = id): IdentityCommand {
  return {
    kind: 'create',
    entity: 'Customer',
    origin,
    key: { id },
    fields: { name, email: `${id.toLowerCase()}@mail.example` },
  };
}

describe('commands that are submitted together', () => {
  test('are one transaction, in their order', async () => {
    const { ledger, lake, rows } = await openTestLedger();
    const outcomes = await Promise.all([
      ledger.submit(create('A')),
      ledger.submit({
        kind: 'update',
        entity: 'Customer',
        origin,
        key: { id: 'A' },
        fields: { name: 'A2' },
        expectedVersion: 1,
      }),
      ledger.submit(create('B')),
      ledger.submit({ kind: 'delete', entity: 'Customer', origin, key: { id: 'B' } }),
      ledger.submit({ kind: 'delete', entity: 'Customer', origin, key: { id: 'C' } }),
      ledger.submit(create('B', 'B again')),
    ]);
    expect(outcomes.map(({ status, version }) => [status, version])).toEqual([
      ['done', 1],
      ['done', 2],
      ['done', 1],
      ['done', 2],
      ['refused', undefined],
      ['done', 3],
    ]);
    expect(await rows(sql`SELECT id, name FROM identity.customer ORDER BY id`)).toEqual([
      ['A', 'A2'],
      ['B', 'B again'],
    ]);
    const log = await lake.read(sql`SELECT "sequence", "time" FROM ledger.change ORDER BY 1`);
    expect(log.columns[0]).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(new Set(log.columns[1]?.map(String)).size).toBe(5);
  });

  test('fail alone where one of them cannot be written', async () => {
    const domains = {
      ...shopDomains,
      sales: `type Customer @key(fields: "id") @table { id: ID! digits: Int @column(from: "cast(id as integer)") }`,
      identity: shopDomains.identity,
    };
    const { ledger, lake, rows } = await openTestLedger({ domains });
    // A rule of the lake that the ledger knows nothing of.
    await lake.write((tx) => tx.run(sql`CREATE UNIQUE INDEX odd ON identity.customer (name)`));
    const outcomes = await Promise.all([
      ledger.submit(create('A', 'same')),
      ledger.submit(create('B', 'same')),
      ledger.submit(create('C', 'other')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'refused', 'done']);
    expect(outcomes[1]?.problems).toMatchObject([{ code: 'FAILED' }]);
    expect(await rows(sql`SELECT id FROM identity.customer ORDER BY id`)).toEqual([['A'], ['C']]);
    expect(await rows(sql`SELECT "sequence", "key" FROM ledger.change ORDER BY 1`)).toEqual([
      ['1', 'A'],
      ['2', 'C'],
    ]);
  });

  test('are remembered by the next ledger over the same lake', async () => {
    const { ledger, again } = await openTestLedger();
    await ledger.submit(create('A'));
    const next = await again();
    expect(next.head).toBe(1);
    expect(await next.submit(create('B'))).toMatchObject({ status: 'done', sequence: 2 });
    expect((await next.read({ after: 0, limit: 1 })).changes).toMatchObject([{ key: 'A' }]);
    expect(await next.read({ after: 1, limit: 5 })).toMatchObject({
      position: 2,
      changes: [{ key: 'B' }],
    });
  });

  test('keep up two projections while one graph takes over from another', async () => {
    const { ledger, lake, model, rows } = await openTestLedger();
    const { inlineModel } = await import('../mapping/testing/inline-domain.ts');
    const { ensureProjections } = await import('../lake/projection-tables.ts');
    const { projectionsOf } = await import('../mapping/projection.ts');
    const next = inlineModel({
      ...shopDomains,
      sales: `type Customer @key(fields: "id") @table { id: ID! salesRep: String @column(default: "someone") }`,
    });
    await lake.write(async (tx) => {
      await ensureProjections(tx, projectionsOf(next).values(), () => undefined);
      ledger.use(next);
    });
    await ledger.submit(create('A'));
    expect(
      await rows(sql`SELECT id, "salesRep" FROM (${projectionOf(model, 'Customer')})`),
    ).toEqual([['A', 'nobody']]);
    expect(await rows(sql`SELECT id, "salesRep" FROM (${projectionOf(next, 'Customer')})`)).toEqual(
      [['A', 'someone']],
    );
  });
});
