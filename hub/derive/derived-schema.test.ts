import { describe, expect, it } from 'vitest';
import { composedGraph, membersOf } from '../testing/composed-graph.ts';
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

  it('describes every type, field, argument, input field and value', async () => {
    const { hubSchema } = inlineProject({
      identity,
      sales: sales.replace('worth:', '"Money." worth:'),
    });
    const missing: string[] = [];
    const lines = hubSchema.sdl.split('\n');
    expect(missing).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  });
});
