import { describe, expect, test } from 'vitest';
import { sql } from '../lake/sql.ts';
import { stampOf } from './hybrid-clock.ts';
import type { IdentityCommand } from './identity-command.ts';
import { openTestLedger } from './testing/open-ledger.ts';

const noon = Date.parse('2026-11-28T12:00:00Z');

function received(
  change: 'create' | 'update' | 'delete',
  secondsBefore: number,
  fields: Readonly<Record<string, unknown>>,
  more: object = {},
): IdentityCommand {
  return {
    kind: 'receive',
    change,
    entity: 'Customer',
    origin: { actor: 'crm', source: 'crm/1' },
    key: { id: 'C1' },
    fields,
    stamp: stampOf(noon - secondsBefore * 1_000),
    ...more,
  };
}

const ada = { name: 'Ada', email: 'ada@mail.example' };

describe('what another tool did', () => {
  test('counts in the order of its stamps, not of its arrival', async () => {
    const { ledger, rows } = await openTestLedger();
    expect(await ledger.submit(received('update', 10, { ...ada, name: 'Newer' }))).toMatchObject({
      status: 'done',
      version: 1,
    });
    expect(await ledger.submit(received('create', 20, ada))).toMatchObject({ status: 'stale' });
    expect(await ledger.submit(received('update', 10, { ...ada, name: 'Again' }))).toMatchObject({
      status: 'stale',
    });
    expect(await ledger.submit(received('update', 5, { name: 'Newest' }))).toMatchObject({
      status: 'done',
      version: 2,
    });
    expect(await rows(sql`SELECT id, name FROM identity.customer`)).toEqual([['C1', 'Newest']]);
    expect(ledger.head).toBe(2);
  });

  test('is late where the same was heard of with a newer stamp, also of a row from before the log', async () => {
    const { ledger, again, rows } = await openTestLedger({
      rows: {
        'identity/customer.csv':
          'id,name,email,created_at,updated_at,created_by\nC1,Ada,ada@mail.example,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,seed\n',
      },
    });
    const submit = async (secondsBefore: number, name: string, at = ledger): Promise<string> => {
      const { status } = await at.submit(received('update', secondsBefore, { name }));
      return status;
    };
    expect(await submit(10, 'Ada')).toBe('unchanged');
    expect(await submit(20, 'Older')).toBe('stale');
    const restarted = await again();
    expect(await submit(20, 'Older', restarted)).toBe('stale');
    expect(await submit(8, 'Ada', restarted)).toBe('unchanged');
    expect(await submit(9, 'Older', restarted)).toBe('stale');
    expect(await submit(7, 'Newer', restarted)).toBe('done');
    expect(await submit(6, 'Newer', restarted)).toBe('unchanged');
    expect(await rows(sql`SELECT name FROM identity.customer`)).toEqual([['Newer']]);
    expect(
      await rows(
        sql`SELECT CAST("version" AS VARCHAR), stamp FROM ledger.head WHERE subject = 'Customer/C1'`,
      ),
    ).toEqual([['2', stampOf(noon - 6_000)]]);
  });

  test('that changed nothing makes our own stamps later all the same, also after a restart', async () => {
    const { ledger, again } = await openTestLedger();
    await ledger.submit(received('create', 10, ada));
    await ledger.submit(received('update', -200, { name: 'Ada' }));
    const restarted = await again();
    const origin = { actor: 'a', source: 'a' };
    const fields = { name: 'Ours' };
    const update = {
      kind: 'update',
      entity: 'Customer',
      origin,
      key: { id: 'C1' },
      fields,
    } as const;
    expect(await restarted.submit(update)).toMatchObject({ status: 'done' });
    expect(await restarted.find(2)).toMatchObject({
      stamp: `${stampOf(noon + 200_000).slice(0, -4)}0001`,
    });
  });

  test('does not bring back what was removed later, even if that is heard of first', async () => {
    const { ledger, rows } = await openTestLedger();
    expect(await ledger.submit(received('delete', 5, {}))).toMatchObject({ status: 'done' });
    expect(await ledger.submit(received('create', 10, ada))).toMatchObject({ status: 'stale' });
    expect(await rows(sql`SELECT id FROM identity.customer`)).toEqual([]);
    expect(await ledger.submit(received('create', 1, ada))).toMatchObject({
      status: 'done',
      version: 2,
    });
  });

  test('is refused when its clock is far ahead, and heard when it is a little', async () => {
    const { ledger } = await openTestLedger();
    expect(await ledger.submit(received('create', -301, ada))).toMatchObject({
      status: 'refused',
      problems: [{ code: 'CLOCK_SKEW' }],
    });
    expect(await ledger.submit(received('create', -299, ada))).toMatchObject({ status: 'done' });
    const update: IdentityCommand = {
      kind: 'update',
      entity: 'Customer',
      origin: { actor: 'a', source: 'a' },
      key: { id: 'C1' },
      fields: { name: 'Ours' },
    };
    await ledger.submit(update);
    const newest = await ledger.find(2);
    expect(newest?.stamp).toBe('2026-11-28T12:04:59.000Z.0001');
  });

  test('makes one customer of two that were made at once, and tells everybody', async () => {
    const { ledger, rows } = await openTestLedger();
    const [first, second] = await Promise.all([
      ledger.submit(received('create', 10, ada)),
      ledger.submit(
        received(
          'create',
          9,
          { ...ada, email: 'ADA@mail.example' },
          { key: { id: 'C2' }, origin: { actor: 'desk', source: 'desk/1', cause: 'e7' } },
        ),
      ),
    ]);
    expect(first).toMatchObject({ status: 'done', keyText: 'C1' });
    expect(second).toMatchObject({
      status: 'joined',
      keyText: 'C1',
      problems: [{ code: 'EXISTS', field: 'email' }],
    });
    expect(await rows(sql`SELECT id FROM identity.customer`)).toEqual([['C1']]);
    expect(ledger.redirects.find('Customer', 'C2')).toBe('C1');
    const { changes } = await ledger.read({ after: 1, limit: 10 });
    expect(changes).toMatchObject([
      { kind: 'delete', key: 'C2', mergedInto: 'C1', actor: 'tributary', cause: 'e7' },
    ]);
    const late = await ledger.submit(
      received('update', 1, { name: 'Ada L' }, { key: { id: 'C2' } }),
    );
    expect(late).toMatchObject({ status: 'done', keyText: 'C1' });
  });

  test('brings back the one that an id led to, under its own key, when that is gone', async () => {
    const { ledger, rows } = await openTestLedger();
    const origin = { actor: 'a', source: 'a' };
    const key = { id: 'C2' };
    await ledger.submit(received('create', 90, ada));
    await ledger.submit(received('create', 80, { ...ada, email: 'two@mail.example' }, { key }));
    const [entity, winner] = ['Customer', { id: 'C1' }] as const;
    await ledger.submit({ kind: 'merge', entity, origin, winner, loser: key });
    await ledger.submit({ kind: 'delete', entity, origin, key: winner });
    const create: IdentityCommand = { kind: 'create', entity, origin, key, fields: ada };
    expect(await ledger.submit(create)).toMatchObject({
      status: 'refused',
      problems: [{ message: 'Customer C2 was merged into Customer C1, which was removed.' }],
    });
    expect(await ledger.submit(received('create', -10, ada, { key }))).toMatchObject({
      status: 'done',
      keyText: 'C1',
    });
    expect(await rows(sql`SELECT id, name FROM identity.customer`)).toEqual([['C1', 'Ada']]);
    const { changes } = await ledger.read({ after: 4, limit: 1 });
    expect(changes).toMatchObject([{ kind: 'create', key: 'C1', after: { id: 'C1' } }]);
  });
});
