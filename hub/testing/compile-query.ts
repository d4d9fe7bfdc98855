import { buildSubgraphSchema } from '@apollo/subgraph';
import { Kind, parse, validate } from 'graphql';
import { projectionsOf } from '../../mapping/projection.ts';
import { fragmentsOf } from '../compile/collect-fields.ts';
import { compileOperation, type CompiledRoot } from '../compile/compile-operation.ts';
import type { HubSchema } from '../derive/derive-hub.ts';

/** The compiled root fields of a query that is valid for the hub. */
export function compileQuery(
  hubSchema: HubSchema,
  query: string,
  conditions: Readonly<Record<string, boolean>> = {},
): readonly CompiledRoot[] {
  const schema = buildSubgraphSchema({ typeDefs: hubSchema.document });
  const document = parse(query, { noLocation: true });
  const [error] = validate(schema, document);
  if (error !== undefined) throw error;
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('The text has no operation');
  const fragments = fragmentsOf(document);
  const projections = projectionsOf(hubSchema.model);
  return compileOperation({ operation, fragments, conditions }, hubSchema, schema, projections)
    .roots;
}

/** Names of projections end in a digest of their shape, which says nothing to a reader. */
export function withoutDigests(sqlText: string): string {
  return sqlText.replaceAll(/"hub"\."(\w+?)_[0-9a-f]{10}"/g, 'hub.$1');
}
