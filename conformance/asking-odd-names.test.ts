import { expect, it } from 'vitest';
import { startProject } from './testing/start-project.ts';

it('a response key may be any name, also one that means something to JavaScript', async () => {
  const { ask, server } = await startProject();
  const { data } = await ask('{ customers(first: 1) { nodes { id name } } }');
  const { customers } = (data ?? {}) as {
    readonly customers: { readonly nodes: readonly Readonly<Record<string, string>>[] };
  };
  const [customer] = customers.nodes;
  const query = (first: number): string => `{
    customers(first: ${first}) { __proto__: nodes { __proto__: name constructor: id } }
    customersAggregate { __proto__: count }
    __proto__: invoicesAggregate { count }
  }`;
  for (const first of [1, 300]) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: query(first) }),
    });
    const text = await response.text();
    const row = `{"__proto__":${JSON.stringify(customer?.['name'])},"constructor":"${customer?.['id']}"}`;
    expect(text).toContain(`"customers":{"__proto__":[${row}`);
    expect(text).toContain('"customersAggregate":[{"__proto__":1000}]');
    expect(text).toMatch(/"__proto__":\[\{"count":\d+\}\]/);
  }
});
