import { describe, expect, it } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { startProject } from './testing/start-project.ts';

describe('one question over all domains', () => {
  it('answers the example with the fields of every domain', async () => {
    const { ask } = await startProject();
    const { data, errors } = await ask(customerRevenue.query);
    expect(errors).toBeUndefined();
    expect(data?.['customer']).toMatchObject({
      id: 'C0000042',
      accountValue: 95761.38,
      creditLimit: 9576.14,
      supportTier: 'SILVER',
      paymentTerms: 'NET_60',
    });
  });

  it('gives the same answer without the hub', async () => {
    const hub = await startProject();
    const plain = await startProject({ flags: { graph: { hub: false } } });
    const withHub = await hub.ask(customerRevenue.query);
    expect((await plain.ask(customerRevenue.query)).data).toEqual(withHub.data);
  });

  it('reads the lake once for an entity of four domains', async () => {
    const { ask, statements } = await startProject();
    statements.length = 0;
    await ask('{ customer(id: "C0000042") { name accountValue supportTier vatNumber } }');
    expect(statements).toHaveLength(1);
  });
});
