import { describe, expect, it } from 'vitest';
import type { IdentityCommand } from './identity-command.ts';
import { openTestLedger } from './testing/open-ledger.ts';

const origin = { actor: 'crm', source: 'crm/api' };

function create(name: string, idempotencyKey: string): IdentityCommand {
  const fields = { name, email: `${name}@x.example` };
  return { kind: 'create', entity: 'Customer', fields, idempotencyKey, origin };
}

describe('a command with an idempotency key', () => {
  it.each([
    ['halves of characters', '\ud800', '\udfff'],
    ['NUL characters', 'k\u0000a', 'k\u0000b'],
    ['line feeds', 'k\n1', 'k\\n1'],
  ])('is found again by it, and by no other one, when it has %s', async (_, one, other) => {
    const { ledger } = await openTestLedger();
    const first = await ledger.submit(create('one', one));
    const second = await ledger.submit(create('other', other));
    expect([first.status, second.status]).toEqual(['done', 'done']);
    expect(await ledger.submit(create('one', one))).toEqual(first);
    expect(await ledger.submit(create('other', other))).toEqual(second);
  });

  it('is refused when that is no key any more', async () => {
    const { ledger } = await openTestLedger();
    expect(await ledger.submit(create('one', 'k'.repeat(4_097)))).toMatchObject({
      status: 'refused',
      problems: [{ code: 'INVALID', field: 'idempotencyKey', message: /4096 characters/ }],
    });
    expect((await ledger.submit(create('one', 'k'.repeat(4_096)))).status).toBe('done');
    expect(ledger.head).toBe(1);
  });
});
