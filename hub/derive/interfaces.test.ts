import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';
import { loadInGateway } from '../testing/load-in-gateway.ts';
import { testPlanner } from '../testing/query-plan.ts';

describe('an interface with a field that is not in the lake', () => {
  const project = inlineProject({
    identity: `
      interface Named { id: ID! name: String! initials: String! }
      type Customer implements Named @key(fields: "id") @table {
        id: ID!
        name: String!
        initials: String! @computed
      }
      type Query { named(id: ID!): Named }`,
  });
  const plan = testPlanner(project.supergraphSdl);

  it('is in the hub without that field', () => {
    expect(hubDefinition(project.hubSchema, 'Named')).toBe(
      print(parse('interface Named { id: ID! name: String! }')),
    );
    expect(hubDefinition(project.hubSchema, 'Customer')).toContain('implements Named');
  });

  it('is asked of the hub, and of its domain only for that field', async () => {
    expect(plan('{ named(id: "1") { name } }').fetches).toEqual(['_hub']);
    expect(plan('{ named(id: "1") { name initials } }').fetches).toEqual(['_hub', 'identity']);
    await expect(loadInGateway(project.supergraphSdl)).resolves.toBeUndefined();
  });
});

describe('an interface of which the lake holds nothing', () => {
  it('stays with its domain, and so does a look-up that returns it', () => {
    const { hubSchema, supergraphSdl } = inlineProject({
      identity: `
        interface Scored { score: Int! }
        type Customer implements Scored @key(fields: "id") @table { id: ID! score: Int! @computed }
        type Query { scored(id: ID!): Scored }`,
    });
    expect(hubDefinition(hubSchema, 'Scored')).toBeUndefined();
    expect(hubDefinition(hubSchema, 'Query.scored')).toBeUndefined();
    const plan = testPlanner(supergraphSdl);
    expect(plan('{ scored(id: "1") { score } }').fetches).toEqual(['identity']);
  });
});

describe('interfaces of several domains', () => {
  const project = inlineProject({
    identity: `
      interface Node { id: ID! }
      interface Named implements Node { id: ID! name: String! }
      type Customer implements Named & Node @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
      type Query { named(id: ID!): Named }`,
    sales: `
      interface Account { id: ID! worth: Int }
      type Customer implements Account @key(fields: "id") @table { id: ID! worth: Int }
      type Query { account(id: ID!): Account }`,
  });
  const plan = testPlanner(project.supergraphSdl);

  it('are all implemented by the one type of the hub', () => {
    expect(hubDefinition(project.hubSchema, 'Customer')).toContain(
      'implements Named & Node & Account',
    );
    expect(hubDefinition(project.hubSchema, 'Named')).toContain('interface Named implements Node');
  });

  it.each([
    '{ account(id: "1") { worth ... on Named { name } } }',
    '{ named(id: "1") { name ... on Customer { worth } } }',
    '{ customers { nodes { ... on Account { worth } ... on Named { name } ... on Node { id } } } }',
  ])('are answered by the hub alone: %s', (query) => {
    expect(plan(query).fetches).toEqual(['_hub']);
  });

  it('load', async () => {
    await expect(loadInGateway(project.supergraphSdl)).resolves.toBeUndefined();
  });
});

describe('an interface of two entities', () => {
  it('has in the hub what both have in the lake', () => {
    const { hubSchema } = inlineProject({
      catalog: `
        interface Item { id: ID! name: String! weight: Int }
        type Book implements Item @key(fields: "id") @table { id: ID! name: String! weight: Int @computed }
        type Lamp implements Item @key(fields: "id") @table { id: ID! name: String! weight: Int }
        type Parcel @key(fields: "id") @table { id: ID! }
        type Query { item: Item }`,
    });
    expect(hubDefinition(hubSchema, 'Book')).toContain('implements Item');
    // Nothing of the hub leads to the interface, and yet its types say that they belong to it.
    expect(hubDefinition(hubSchema, 'Item')).toBe(
      print(parse('interface Item { id: ID! name: String! }')),
    );
  });
});

describe('an interface that is an entity', () => {
  it('can be extended by a subgraph that does not know its types', async () => {
    const { supergraphSdl } = inlineProject(
      {
        identity: `
          interface Named @key(fields: "id") { id: ID! name: String! }
          type Customer implements Named @key(fields: "id") @table { id: ID! name: String! }
          type Query { named(id: ID!): Named }`,
      },
      { notes: 'type Named @interfaceObject @key(fields: "id") { id: ID! note: String }' },
    );
    const plan = testPlanner(supergraphSdl);
    expect(plan('{ named(id: "1") { name } }').fetches).toEqual(['_hub']);
    expect(plan('{ named(id: "1") { name note } }').fetches).toEqual(['_hub', 'notes']);
    expect(plan('{ customers { nodes { note } } }').fetches).toEqual(['_hub', 'notes']);
    await expect(loadInGateway(supergraphSdl)).resolves.toBeUndefined();
  });
});
