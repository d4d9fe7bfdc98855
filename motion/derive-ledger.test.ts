import { buildSubgraphSchema } from '@apollo/subgraph';
import { print, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { fetchPlanner, summarise } from '../conformance/testing/plan-fetches.ts';
import { loadInGateway } from '../hub/testing/load-in-gateway.ts';
import { inlineProject, type Schemas } from '../hub/testing/inline-project.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import type { LedgerSchema } from './derive-ledger.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name email") {
    id: ID! name: String! email: String!
  }
  type Query { customer(id: ID!): Customer }`;
const sales = 'type Customer @key(fields: "id") @table { id: ID! salesRep: String }';

function derive(domains: Schemas, remotes: Schemas = {}): LedgerSchema {
  const { ledgerSchema } = inlineProject(domains, remotes);
  if (ledgerSchema === undefined) throw new Error('nothing was derived');
  return ledgerSchema;
}

function definition({ document }: LedgerSchema, name: string): string | undefined {
  const node = document.definitions.find((found) => 'name' in found && found.name?.value === name);
  return (
    node &&
    print(node)
      .replaceAll(/^ *""?".*\n/gm, '')
      .replaceAll(/\s+/g, ' ')
  );
}

describe('the subgraph of what moves', () => {
  it('is a valid subgraph, every type and field of which is described', () => {
    const ledger = derive({ identity, sales });
    expect(validateSchema(buildSubgraphSchema(ledger.document))).toEqual([]);
    for (const node of ledger.document.definitions) {
      if (!('name' in node) || node.name === undefined || node.name.value === 'Customer') continue;
      const name = node.name.value;
      expect('description' in node && node.description?.value, name).toBeTruthy();
      const members =
        'fields' in node ? (node.fields ?? []) : 'values' in node ? (node.values ?? []) : [];
      for (const member of members) {
        expect(member.description?.value, `${name}.${member.name.value}`).toBeTruthy();
      }
    }
  });

  it('adds to an entity with events its version, and a subscription', () => {
    const ledger = derive({ identity, sales });
    expect(definition(ledger, 'Customer')).toContain('identityVersion: Int!');
    expect(definition(ledger, 'Subscription')).toContain('customerEvents(');
    expect(definition(ledger, 'Query')).toContain('events(');
  });

  it('takes keys over as the identity has them, also of several fields and of types of its own', () => {
    const ledger = derive({
      identity: `
        enum Region { EAST WEST }
        scalar Decimal
        type Shop @key(fields: "region number") @table @identity(fields: "region number opened") {
          region: Region! number: Int! opened: Boolean!
        }
        type Query { shops1: Int @computed }`,
    });
    const shop = definition(ledger, 'Shop');
    expect(shop).toContain('@key(fields: "region number")');
    expect(shop).toContain('region: Region!');
    expect(shop).toContain('number: Int!');
    expect(definition(ledger, 'Region')).toBe('enum Region { EAST WEST }');
    expect(ledger.entities[0]?.names).toMatchObject({ events: 'shopEvents' });
  });

  it('has nothing of events where no identity says which fields it may have', () => {
    const ledger = derive({ sales: `${sales} type Query { a: Int @computed }` });
    expect(definition(ledger, 'Subscription')).toBeUndefined();
    expect(definition(ledger, 'IdentityEvent')).toBeUndefined();
    expect(definition(ledger, 'PageInfo')).toBeUndefined();
    expect(definition(ledger, 'Query')).toContain('freshness(');
    expect(definition(ledger, 'Query')).not.toContain('events(');
  });

  it('says nothing of an entity that callers do not see, and hides fields that they do not see', () => {
    const hidden = identity.replace('@table', '@table @inaccessible');
    expect(
      derive({
        identity: `${hidden} type Secret @key(fields: "id") @table { id: ID! }`.replace(
          'customer(id: ID!): Customer',
          'a: Int @computed',
        ),
      }).entities,
    ).toEqual([]);
    const ledger = derive({
      identity: identity.replace('email: String!', 'email: String! @inaccessible'),
    });
    expect(ledger.entities[0]?.hiddenFields).toEqual(['email']);
  });

  it('composes and loads, and takes no plan away from the hub, whichever key led to the entity', async () => {
    const remote = `
      type Review @key(fields: "id") { id: ID! author: Customer! }
      type Customer @key(fields: "id", resolvable: false) { id: ID! }
      type Query { review: Review }`;
    const { supergraphSdl, hints } = inlineProject({ identity, sales }, { reviews: remote });
    expect(hints.filter(({ message }) => message.includes('_ledger'))).toEqual([]);
    await loadInGateway(supergraphSdl);
    const plan = fetchPlanner(supergraphSdl);
    const planOf = (query: string): readonly string[] => summarise(plan(query));
    expect(planOf('{ customer(id: 1) { id name email salesRep } }')).toEqual(['_hub']);
    expect(planOf('{ review { author { id } } }')).toEqual(['reviews']);
    expect(planOf('{ review { author { id name } } }')).toEqual(['reviews', '_hub entities']);
    expect(planOf('{ review { author { identityVersion } } }')).toEqual([
      'reviews',
      '_ledger entities',
    ]);
    expect(planOf('{ events { nodes { id } } }')).toEqual(['_ledger']);
  });

  it('shares JSON and DateTime with whoever has them', async () => {
    const remote = `
      "Anything at all."
      scalar JSON
      type Query { anything: JSON }`;
    const { supergraphSdl, hints } = inlineProject({ identity, sales }, { other: remote });
    expect(hints.filter(({ message }) => message.includes('JSON'))).toEqual([]);
    await loadInGateway(supergraphSdl);
    expect(supergraphSdl.match(/Anything at all/g)).toHaveLength(1);
  });
});

describe('a name that the subgraph needs', () => {
  const taken: readonly (readonly [string, Schemas, Schemas, string])[] = [
    [
      'a type of a domain',
      { identity, sales: `${sales} type EventSaga { id: ID! @computed }` },
      {},
      'EventSaga',
    ],
    [
      'an input of a remote subgraph',
      { identity },
      { x: 'input VetoEventInput { a: Int } type Query { a(b: VetoEventInput): Int }' },
      'VetoEventInput',
    ],
    ['a root field', { identity }, { x: 'type Query { freshness: Int }' }, 'Query.freshness'],
    [
      'a mutation',
      { identity },
      { x: 'type Query { a: Int } type Mutation { runSync: Int }' },
      'Mutation.runSync',
    ],
    [
      'a subscription',
      { identity },
      { x: 'type Query { a: Int } type Subscription { customerEvents: Int }' },
      'Subscription.customerEvents',
    ],
    [
      'a field of an entity',
      { identity, sales: sales.replace('salesRep', 'identityVersion') },
      {},
      'Customer.identityVersion',
    ],
    [
      'what the hub derives from an entity',
      { identity, sales: `${sales} type Event @key(fields: "id") @table { id: ID! }` },
      {},
      'Query.events',
    ],
    [
      'a scalar that is none',
      { identity },
      { x: 'type JSON { a: Int } type Query { a: JSON }' },
      'JSON',
    ],
  ];

  it.each(taken)(
    'is refused as %s, with the place where it stands',
    (_what, domains, remotes, name) => {
      const error = refusalOf(() => inlineProject(domains, remotes));
      expect(error.code).toBe('MOTION_NAME_RESERVED');
      expect(error.message).toContain(`The name ${name} is reserved`);
      expect(error.at?.file).toMatch(/\.graphql$/);
    },
  );
});

function refusalOf(work: () => unknown): TributaryError {
  try {
    work();
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
