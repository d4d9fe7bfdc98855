import { describe, expect, it } from 'vitest';
import { errorOf } from '../../mapping/testing/inline-domain.ts';
import { hubDefinition, inlineProject, type Schemas } from '../testing/inline-project.ts';
import { loadInGateway } from '../testing/load-in-gateway.ts';
import { testPlanner } from '../testing/query-plan.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
  type Query { customer(id: ID!): Customer }`;

/** A domain or a remote subgraph that has `Customer.fax`, and perhaps takes it from another. */
const withFax = (override = ''): string =>
  `type Customer @key(fields: "id") @table { id: ID! fax: String ${override} }`;
const remoteFax = (override = ''): string => withFax(override).replace('@table', '');

interface Move {
  readonly domains: Schemas;
  readonly remotes?: Schemas;
  /** Whether the field is still in the lake. */
  readonly isInLake: boolean;
  readonly fetches: readonly string[];
}

const moves: readonly (readonly [string, Move])[] = [
  [
    'from the lake to a remote subgraph',
    {
      domains: { sales: withFax() },
      remotes: { crm: remoteFax('@override(from: "sales")') },
      isInLake: false,
      fetches: ['_hub', 'crm'],
    },
  ],
  [
    'from the lake to a remote subgraph, for some of the requests',
    {
      domains: { sales: withFax() },
      remotes: { crm: remoteFax('@override(from: "sales", label: "percent(5)")') },
      isInLake: false,
      fetches: ['_hub', 'sales'],
    },
  ],
  [
    'from a remote subgraph to the lake',
    {
      domains: { sales: withFax('@override(from: "crm")') },
      remotes: { crm: remoteFax() },
      isInLake: true,
      fetches: ['_hub'],
    },
  ],
  [
    'from a remote subgraph to the lake, for some of the requests',
    {
      domains: { sales: withFax('@override(from: "crm", label: "percent(5)")') },
      remotes: { crm: remoteFax() },
      isInLake: false,
      fetches: ['_hub', 'crm'],
    },
  ],
  [
    'within the lake',
    {
      domains: { sales: withFax('@override(from: "billing")'), billing: withFax() },
      isInLake: true,
      fetches: ['_hub'],
    },
  ],
  [
    'within the lake, for some of the requests',
    {
      domains: {
        sales: withFax('@override(from: "billing", label: "percent(5)")'),
        billing: withFax(),
      },
      isInLake: false,
      fetches: ['_hub', 'billing'],
    },
  ],
];

describe('a field that @override moves', () => {
  describe.each(moves)('%s', (_, { domains, remotes, isInLake, fetches }) => {
    const project = inlineProject({ identity, ...domains }, remotes);
    const plan = testPlanner(project.supergraphSdl);

    it(isInLake ? 'is in the hub' : 'is not in the hub', () => {
      const copy = hubDefinition(project.hubSchema, 'Customer.fax');
      expect(copy).toBe(isInLake ? 'fax: String @shareable' : undefined);
    });

    it(`is asked of ${fetches.join(' and ')}, alone and in a list`, async () => {
      expect(plan('{ customer(id: "1") { fax } }').fetches).toEqual(fetches);
      expect(plan('{ customers { nodes { name fax } } }').fetches).toEqual(fetches);
      expect(plan('{ customer(id: "1") { name } }').fetches).toEqual(['_hub']);
      await expect(loadInGateway(project.supergraphSdl)).resolves.toBeUndefined();
    });
  });

  it('has one owner within the lake, the one that took it', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: withFax('@override(from: "billing")'),
      billing: withFax(),
    });
    const owners = hubSchema.model.entities
      .get('Customer')
      ?.fields.filter(({ field }) => field.name === 'fax')
      .map(({ owner }) => owner.domain);
    expect(owners).toEqual(['sales']);
  });
});

describe('@provides', () => {
  it('of a field of the lake by another subgraph is refused, since its owner shares it with the hub alone', () => {
    const crm = `
      type Customer @key(fields: "id") { id: ID! name: String! @external }
      type Lead { customer: Customer @provides(fields: "name") }
      type Query { lead: Lead }`;
    const error = errorOf(() => inlineProject({ identity }, { crm }));
    expect(error.code).toBe('COMPOSITION_FAILED');
    expect(error.message).toContain('Non-shareable field "Customer.name"');
    expect(error.message).toContain('crm.graphql:');
  });
});
