import { Supergraph } from '@apollo/federation-internals';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../foundation/config/load-config.ts';
import { openProject } from '../gateway/open-project.ts';
import { repositoryDirectory } from './testing/start-project.ts';

describe.each([
  { graph: 'the graph', hub: true },
  { graph: 'the graph without the hub', hub: false },
])('$graph', ({ hub }) => {
  it('describes every type, field, argument and value that callers see', async () => {
    const projectDirectory = repositoryDirectory;
    const config = loadConfig({ projectDirectory, environment: {}, flags: { graph: { hub } } });
    const { supergraphSdl } = await openProject({ projectDirectory, config, environment: {} });
    const schema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
    expect(schema.getType('Customer')?.description).toContain('buys from us');
    expect(undescribed(schema)).toEqual([]);
  });
});

interface Described {
  readonly description?: string | null | undefined;
}

/** Coordinates of what has no description, such as `Query.customer(id:)`. */
function undescribed(schema: GraphQLSchema): readonly string[] {
  const parts = new Map<string, Described>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    parts.set(type.name, type);
    if (isEnumType(type)) {
      for (const value of type.getValues()) parts.set(`${type.name}.${value.name}`, value);
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        parts.set(`${type.name}.${field.name}`, field);
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        parts.set(`${type.name}.${field.name}`, field);
        for (const argument of field.args)
          parts.set(`${type.name}.${field.name}(${argument.name}:)`, argument);
      }
    }
  }
  return [...parts].filter(([, { description }]) => !description).map(([coordinate]) => coordinate);
}
