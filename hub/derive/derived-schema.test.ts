import { isTypeDefinitionNode, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedGraph } from '../testing/composed-graph.ts';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") {
    "The key."
    id: ID!
    "What we call them."
    name: String!
  }
  type Query { customer(id: ID!): Customer }`;

const sales = `
  scalar Decimal
  scalar DateTime
  "How much we care."
  enum Tier {
    "A little."
    LOW
    "A lot."
    HIGH
  }
  type Customer @key(fields: "id") @table {
    id: ID!
    worth: Decimal @column(type: "DECIMAL(18,2)")
    tier: Tier @deprecated(reason: "Use worth.")
    tags: [String!]
    orders: [Order!]! @relation(columns: ["customer_id"])
    label: String @computed
  }
  "What somebody bought."
  type Order @key(fields: "id") @table {
    id: ID!
    "When it came."
    placedAt: DateTime!
    customer: Customer! @relation(columns: ["customer_id"])
    gift: Boolean
  }`;

describe('the schema of a small graph', () => {
  it('is the reviewed one', async () => {
    const { hubSchema } = await composedGraph({ identity, sales });
    await expect(`${hubSchema.sdl}\n`).toMatchFileSnapshot('./two-domains.graphql');
  });

  it('describes every type, field, argument, input field and value that the hub derives', () => {
    const { document } = inlineProject({ identity, sales }).hubSchema;
    const authored = ['Decimal', 'DateTime', 'Tier', 'Customer', 'Order'];
    const undescribed: string[] = [];
    for (const type of document.definitions.filter(isTypeDefinitionNode)) {
      if (authored.includes(type.name.value)) continue;
      visit(type, {
        enter: (node) => {
          if (!('directives' in node) || !('name' in node)) return;
          const text = 'description' in node ? node.description?.value : undefined;
          if (text === undefined || text === '') undescribed.push(print(node));
        },
      });
    }
    // Nobody described this one, which an author wrote.
    expect(undescribed).toEqual(['customer(id: ID!): Customer', 'id: ID!']);
  });
});

describe('the types of values', () => {
  const project = inlineProject({
    identity,
    sales: `
      scalar Decimal scalar BigInt scalar Date scalar DateTime
      enum Tier { LOW HIGH }
      type Customer @key(fields: "id") @table {
        id: ID!
        int: Int
        float: Float
        bigInt: BigInt
        decimal: Decimal @column(type: "DECIMAL(9,3)")
        date: Date
        time: DateTime
        yes: Boolean
        tier: Tier
        tiers: [Tier!]
        grid: [[Int!]]
      }`,
  });
  const typesOf = (typeName: string): Readonly<Record<string, string>> => {
    const lines = (hubDefinition(project.hubSchema, typeName) ?? '').split('\n').slice(1, -1);
    return Object.fromEntries(lines.map((line) => line.trim().split(': ') as [string, string]));
  };

  it('decide what can be asked of them', () => {
    expect(typesOf('CustomerFilter')).toEqual({
      id: 'IDCondition',
      name: 'StringCondition',
      int: 'IntCondition',
      float: 'FloatCondition',
      bigInt: 'BigIntCondition',
      decimal: 'DecimalCondition',
      date: 'DateCondition',
      time: 'DateTimeCondition',
      yes: 'BooleanCondition',
      tier: 'TierCondition',
      tiers: 'TierListCondition',
      grid: 'IntListListCondition',
      and: '[CustomerFilter!]',
      or: '[CustomerFilter!]',
      not: 'CustomerFilter',
    });
    expect(Object.keys(typesOf('BooleanCondition'))).toEqual(['eq', 'ne', 'isNull']);
    expect(Object.keys(typesOf('TierCondition'))).toEqual(['eq', 'ne', 'in', 'notIn', 'isNull']);
    expect(typesOf('TierListCondition')).toMatchObject({ has: 'TierInput', eq: '[TierInput!]' });
    expect(typesOf('IntListListCondition')).toMatchObject({ has: '[Int!]', hasEvery: '[[Int!]!]' });
    expect(Object.keys(typesOf('IDCondition'))).not.toContain('lt');
  });

  it('decide of which type their figures are', () => {
    expect(typesOf('CustomerSums')).toEqual({
      int: 'Decimal',
      float: 'Float',
      bigInt: 'Decimal',
      decimal: 'Decimal',
    });
    expect(typesOf('CustomerSumsCondition')).toMatchObject({
      int: 'DecimalCondition',
      float: 'FloatCondition',
    });
    expect(typesOf('CustomerExtremes')).toEqual({
      name: 'String',
      int: 'Int',
      float: 'Float',
      bigInt: 'BigInt',
      decimal: 'Decimal',
      date: 'Date',
      time: 'DateTime',
    });
    expect(new Set(Object.values(typesOf('CustomerMeans')))).toEqual(new Set(['Float']));
    expect(new Set(Object.values(typesOf('CustomerQuantiles')))).toEqual(new Set(['[Float!]']));
    expect(typesOf('CustomerDistinctCounts')).toMatchObject({ id: 'Int!', tier: 'Int!' });
    expect(Object.keys(typesOf('CustomerDistinctCounts'))).not.toContain('tiers');
    expect(typesOf('CustomerAggregateKeys')).toMatchObject({
      id: 'ID',
      name: 'String',
      tier: 'Tier',
    });
  });
});

describe('an entity', () => {
  it('without numbers has no sums, nor has one that leads only to such', () => {
    const { hubSchema } = inlineProject({
      staff: `
        type Person @key(fields: "id") @table { id: ID! boss: Person @relation(columns: ["boss_id"]) }
        type Query { person(id: ID!): Person }`,
    });
    expect(hubDefinition(hubSchema, 'PersonSums')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'PersonExtremes')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'PersonAggregate')).not.toMatch(/sum|avg|min/);
    expect(hubDefinition(hubSchema, 'PersonDistinctCounts.boss')).toBe(
      'boss: PersonDistinctCounts!',
    );
    expect(hubDefinition(hubSchema, 'DecimalCondition')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'Decimal')).toBeUndefined();
  });

  it('of which nothing leads to many has no figures to sort others by', () => {
    const { hubSchema } = inlineProject({ identity });
    expect(hubDefinition(hubSchema, 'CustomerListFilter')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'CustomerMeasureOrder')).toBeUndefined();
  });

  it('with whole numbers brings a Decimal where no domain has one', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: 'type Customer @key(fields: "id") @table { id: ID! orders: Int }',
    });
    expect(hubDefinition(hubSchema, 'Decimal')).toBe('scalar Decimal');
  });

  it('leads along a relation to what is outside the lake in answers alone', () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: `
        type Customer @key(fields: "id") @table { id: ID! plan: Plan @relation(columns: ["plan_id"]) }
        type Plan @key(fields: "id", resolvable: false) { id: ID! }`,
    });
    expect(hubDefinition(hubSchema, 'Customer.plan')).toBe('plan: Plan @shareable');
    expect(hubDefinition(hubSchema, 'CustomerFilter.plan')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'CustomerGroupBy.plan')).toBeUndefined();
  });
});
