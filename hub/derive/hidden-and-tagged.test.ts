import { isTypeDefinitionNode, Kind, type ConstDirectiveNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { argumentsOf, composedGraph, membersOf } from '../testing/composed-graph.ts';
import { hubDefinition, inlineProject, type Schemas } from '../testing/inline-project.ts';
import type { HubSchema } from './derive-hub.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
  type Query { customer(id: ID!): Customer }`;

/** Every type and member of the hub whose definition says so, such as `CustomerFilter.margin`. */
function saying({ document }: HubSchema, directive: string): readonly string[] {
  const has = ({ directives }: Directed): boolean =>
    (directives ?? []).some(({ name }) => name.value === directive);
  return document.definitions.filter(isTypeDefinitionNode).flatMap((node) => {
    const type = node.name.value;
    const members = [
      ...('fields' in node ? (node.fields ?? []) : []),
      ...('values' in node ? (node.values ?? []) : []),
    ];
    return [
      ...(has(node) ? [type] : []),
      ...members.filter(has).map(({ name }) => `${type}.${name.value}`),
    ];
  });
}

interface Directed {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

describe('what is hidden', () => {
  it('is in nothing that is derived', async () => {
    const { api } = await composedGraph({
      identity,
      sales: `
        scalar Date
        type Customer @key(fields: "id") @table {
          id: ID!
          worth: Int
          margin: Int @inaccessible
          since: Date @inaccessible
          note: String @inaccessible
          orders: [Order!]! @inaccessible @relation(columns: ["c"])
          buddy: Customer @inaccessible @relation(columns: ["b"])
        }
        type Order @key(fields: "id") @table { id: ID! }`,
    });
    const hidden = [
      'margin',
      'since',
      'note',
      'orders',
      'ordersConnection',
      'ordersAggregate',
      'buddy',
    ];
    const types = Object.keys(api.getTypeMap()).filter((name) => name.startsWith('Customer'));
    const seen = types.flatMap((name) => membersOf(api, name) ?? []);
    expect(seen.filter((name) => hidden.includes(name))).toEqual([]);
    expect(seen).toContain('worth');
    expect(membersOf(api, 'CustomerGroupBy')).toEqual(['field']);
  });

  it('takes along the types that have nothing else to show', async () => {
    const { api, hubSchema } = await composedGraph({
      identity: identity
        .replaceAll('"id name"', '"id name age"')
        .replace('name: String!', 'name: String! @inaccessible age: Int @inaccessible'),
    });
    expect(hubDefinition(hubSchema, 'CustomerSums')).toContain('@inaccessible');
    expect(membersOf(api, 'CustomerSums')).toBeUndefined();
    expect(membersOf(api, 'CustomerAggregate')).toEqual(['keys', 'count', 'countDistinct']);
    expect(membersOf(api, 'CustomerHaving')).toEqual([
      'count',
      'countDistinct',
      'and',
      'or',
      'not',
    ]);
  });

  it('is not searched: neither by name nor when nothing is named', async () => {
    const { api, hubSchema } = await composedGraph({
      identity: `
        type Part @key(fields: "number") @table { number: Int! name: String note: String @inaccessible }
        type Box @key(fields: "number") @table { number: Int! note: String @inaccessible }
        type Lid @key(fields: "number") @table { number: Int! }
        type Query { part(number: Int!): Part }`,
    });
    expect(membersOf(api, 'PartSearchField')).toEqual(['name']);
    expect(argumentsOf(api, 'Query.parts')).toContain('search');
    expect(argumentsOf(api, 'Query.boxes')).not.toContain('search');
    expect(argumentsOf(api, 'Query.lids')).not.toContain('search');
    const names = [...hubSchema.searchedFields].map(([entity, fields]) => [
      entity,
      fields.map(({ field }) => field.name),
    ]);
    expect(names).toEqual([
      ['Part', ['name']],
      ['Box', []],
      ['Lid', []],
    ]);
  });

  it('as a whole type has nothing derived that is seen', async () => {
    const { api } = await composedGraph({
      identity,
      sales: `
        type Customer @key(fields: "id") @table {
          id: ID!
          orders: [Order!]! @inaccessible @relation(columns: ["c"])
        }
        type Order @key(fields: "id") @table @inaccessible { id: ID! tier: Tier @inaccessible }
        enum Tier @inaccessible { LOW HIGH }`,
    });
    const seen = Object.keys(api.getTypeMap());
    expect(
      seen.filter(
        (name) => /Order(?!$)|^Order$|Tier/.test(name) && !/^(?:Customer|Row)/.test(name),
      ),
    ).toEqual([]);
    const questions = ['customer', 'customers', 'customersAggregate'];
    expect(membersOf(api, 'Query')?.slice(0, 4)).toEqual([...questions, 'events']);
  });

  it.each<readonly [string, Schemas, Schemas]>([
    [
      'in another domain',
      { sales: 'type Customer @key(fields: "id") @table { id: ID! @inaccessible }' },
      {},
    ],
    [
      'in a remote subgraph',
      {},
      { crm: 'type Customer @key(fields: "id") { id: ID! @inaccessible }' },
    ],
  ])('%s is hidden from questions, too', async (_, domains, remotes) => {
    const { api } = await composedGraph({ identity, ...domains }, remotes);
    expect(membersOf(api, 'CustomerFilter')).toEqual(['name', 'and', 'or', 'not']);
    expect(membersOf(api, 'CustomerField')).toEqual(['name']);
  });

  it("as an enum's value is none of the enum that questions use", async () => {
    const { api } = await composedGraph({
      identity,
      sales: `
        type Customer @key(fields: "id") @table { id: ID! tier: Tier }
        enum Tier { LOW HIGH SECRET @inaccessible }`,
    });
    expect(membersOf(api, 'TierInput')).toEqual(['LOW', 'HIGH']);
  });
});

describe('what is tagged', () => {
  it('tags all that is derived from it', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: `
        type Customer @key(fields: "id") @table { id: ID! worth: Int @tag(name: "money") }`,
    });
    expect(saying(hubSchema, 'tag')).toEqual([
      'Customer.worth',
      'CustomerFilter.worth',
      'CustomerOrder.worth',
      'CustomerAggregateKeys.worth',
      'CustomerField.worth',
      'CustomerKeysOrder.worth',
      ...['DistinctCounts', 'Sums', 'Means', 'Extremes'].flatMap((kind) => [
        `Customer${kind}.worth`,
        `Customer${kind}Condition.worth`,
        `Customer${kind}Order.worth`,
      ]),
      'CustomerQuantiles.worth',
    ]);
  });

  it('as an enum tags its conditions, and the fields that tell of it', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: `
        type Customer @key(fields: "id") @table { id: ID! tier: Tier }
        enum Tier @tag(name: "sales") { LOW HIGH @tag(name: "top") }`,
    });
    const tagged = saying(hubSchema, 'tag');
    expect(tagged).toEqual(
      expect.arrayContaining([
        'Tier',
        'TierInput',
        'TierInput.HIGH',
        'TierCondition',
        'CustomerDistinctCounts.tier',
        'CustomerField.tier',
      ]),
    );
    expect(tagged).not.toContain('TierInput.LOW');
  });

  it('as an entity tags its types and root fields, and as a relation what leads along it', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: `
        type Customer @key(fields: "id") @table { id: ID! orders: [Order!]! @tag(name: "x") @relation(columns: ["c"]) }
        type Order @key(fields: "id") @table @tag(name: "y") { id: ID! }`,
    });
    const tagged = saying(hubSchema, 'tag');
    expect(tagged).toEqual(
      expect.arrayContaining([
        'OrderFilter',
        'OrderConnection',
        'OrderEdge',
        'OrderAggregate',
        'OrderHaving',
        'Query.order',
        'Query.orders',
        'Query.ordersAggregate',
        'Customer.ordersConnection',
        'Customer.ordersAggregate',
        'CustomerFilter.orders',
        'CustomerOrder.ordersAggregate',
      ]),
    );
    expect(hubDefinition(hubSchema, 'Customer.ordersConnection')).toContain(
      '@tag(name: "x") @tag(name: "y")',
    );
  });
});

describe('what not everybody may see', () => {
  const { hubSchema } = inlineProject({
    identity,
    sales: `
      type Customer @key(fields: "id") @table {
        id: ID!
        worth: Int @authenticated @requiresScopes(scopes: [["money"], ["admin"]])
        tier: Tier @requiresScopes(scopes: [["sales"]])
        orders: [Order!]! @policy(policies: [["own"]]) @relation(columns: ["c"])
      }
      enum Tier @requiresScopes(scopes: [["tiers"], ["admin"]]) { LOW HIGH }
      type Order @key(fields: "id") @table @authenticated { id: ID! total: Int }`,
  });

  it('is guarded in every answer that tells of it', () => {
    const worth = 'Int @authenticated @requiresScopes(scopes: [["money"], ["admin"]])';
    expect(hubDefinition(hubSchema, 'CustomerExtremes.worth')).toBe(`worth: ${worth}`);
    expect(hubDefinition(hubSchema, 'CustomerAggregateKeys.worth')).toBe(`worth: ${worth}`);
    expect(hubDefinition(hubSchema, 'Customer.ordersConnection')).toContain(
      '@policy(policies: [["own"]]) @authenticated',
    );
    expect(saying(hubSchema, 'authenticated')).toEqual(
      expect.arrayContaining([
        'OrderConnection',
        'OrderAggregate',
        'OrderSums',
        'OrderAggregateKeys',
      ]),
    );
  });

  it('by its field and by its type needs what both ask for', () => {
    expect(hubDefinition(hubSchema, 'CustomerDistinctCounts.tier')).toBe(
      'tier: Int! @requiresScopes(scopes: [["sales", "tiers"], ["sales", "admin"]])',
    );
  });

  it('says nothing of that in questions, where it may not stand', () => {
    const inputs = hubSchema.document.definitions
      .filter((node) => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      .map((node) => node.name.value);
    const guarded = ['authenticated', 'requiresScopes', 'policy'].flatMap((name) =>
      saying(hubSchema, name).map((coordinate) => coordinate.split('.')[0]),
    );
    expect(guarded.filter((type = '') => inputs.includes(type))).toEqual([]);
    expect(guarded).not.toContain('CustomerField');
    expect(guarded).not.toContain('TierInput');
  });
});
