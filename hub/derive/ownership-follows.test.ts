import type { GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composedGraph, membersOf } from '../testing/composed-graph.ts';
import { hubDefinition, inlineProject } from '../testing/inline-project.ts';

const identity = `
  type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
  type Query { customer(id: ID!): Customer }`;

describe('a field that its domain', () => {
  const domains = (fields: string) => ({
    identity,
    support: `type Customer @key(fields: "id") @table { id: ID! ${fields} }`,
  });
  const everywhere = (api: GraphQLSchema, name: string): readonly string[] =>
    Object.keys(api.getTypeMap())
      .filter((type) => type.startsWith('Customer') && membersOf(api, type)?.includes(name))
      .toSorted();
  const placesOfNumber = [
    'Customer',
    'CustomerAggregateKeys',
    'CustomerDistinctCounts',
    'CustomerDistinctCountsCondition',
    'CustomerDistinctCountsOrder',
    'CustomerExtremes',
    'CustomerExtremesCondition',
    'CustomerExtremesOrder',
    'CustomerField',
    'CustomerFilter',
    'CustomerKeysOrder',
    'CustomerMeans',
    'CustomerMeansCondition',
    'CustomerMeansOrder',
    'CustomerOrder',
    'CustomerQuantiles',
    'CustomerSums',
    'CustomerSumsCondition',
    'CustomerSumsOrder',
  ];

  it('adds is asked, sorted by and counted at once', async () => {
    const before = await composedGraph(domains(''));
    expect(everywhere(before.api, 'churnRisk')).toEqual([]);
    const after = await composedGraph(domains('"How likely they leave." churnRisk: Float'));
    expect(everywhere(after.api, 'churnRisk')).toEqual(placesOfNumber);
    expect(after.hubSchema.sdl).toContain(
      '"From support: How likely they leave."\n  churnRisk: FloatCondition',
    );
    const query = '{ customers(where: { churnRisk: { gt: 0.5 } }) { nodes { churnRisk } } }';
    expect(after.plan(query).fetches).toEqual(['_hub']);
  });

  it('renames is there under its new name alone', async () => {
    const { api } = await composedGraph(domains('risk: Float @column(name: "churn_risk")'));
    expect(everywhere(api, 'risk')).toEqual(placesOfNumber);
    expect(everywhere(api, 'churnRisk')).toEqual([]);
  });

  it('deprecates is deprecated wherever it stands', () => {
    const { hubSchema } = inlineProject(
      domains('churnRisk: Float @deprecated(reason: "Guesswork.")'),
    );
    for (const type of placesOfNumber) {
      const definition = hubDefinition(hubSchema, type) ?? '';
      expect(definition).toMatch(/churnRisk.* @deprecated\(reason: "Guesswork."\)/);
    }
  });

  it('gives another type is asked by its new type', () => {
    const { hubSchema } = inlineProject(domains('churnRisk: String'));
    expect(hubDefinition(hubSchema, 'CustomerFilter.churnRisk')).toBe('churnRisk: StringCondition');
    expect(hubDefinition(hubSchema, 'CustomerSums')).toBeUndefined();
  });

  it.each([
    'churnRisk: Float @computed',
    'churnRisk: Float @requires(fields: "name") name: String! @external',
    'churnRisk(at: Int): Float',
  ])('computes is only selected: %s', async (fields) => {
    const { api } = await composedGraph(domains(fields));
    expect(everywhere(api, 'churnRisk')).toEqual(['Customer']);
  });

  it('loses to a remote subgraph is only selected', async () => {
    const { api } = await composedGraph(domains('churnRisk: Float'), {
      crm: 'type Customer @key(fields: "id") { id: ID! churnRisk: Float @override(from: "support") }',
    });
    expect(everywhere(api, 'churnRisk')).toEqual(['Customer']);
  });
});
