import { buildSubgraphSchema } from '@apollo/subgraph';
import { Supergraph } from '@apollo/federation-internals';
import {
  isInputObjectType,
  isEnumType,
  isObjectType,
  validateSchema,
  type GraphQLSchema,
} from 'graphql';
import { composeProject } from '../../gateway/graph/compose-project.ts';
import { inlineProject, type Schemas } from './inline-project.ts';
import { loadInGateway } from './load-in-gateway.ts';
import { testPlanner, type TestPlan } from './query-plan.ts';

/** A project whose graph was checked by everybody who reads it, and what callers see of it. */
export interface ComposedGraph extends ReturnType<typeof inlineProject> {
  readonly api: GraphQLSchema;
  readonly plan: (query: string) => TestPlan;
}

/** Throws unless the hub's schema is valid, Apollo's gateway loads the graph, and the hub gives no cause for a hint. */
export async function composedGraph(
  domains: Schemas,
  remotes: Schemas = {},
): Promise<ComposedGraph> {
  const project = inlineProject(domains, remotes);
  const [error] = validateSchema(buildSubgraphSchema(project.hubSchema.document));
  if (error !== undefined) throw error;
  const authored = new Set(
    composeProject(project.authored, false).hints.map(({ message }) => message),
  );
  const hint = project.hints.find(({ message }) => !authored.has(message));
  if (hint !== undefined) throw new Error(`${hint.code}: ${hint.message}`);
  await loadInGateway(project.supergraphSdl);
  const supergraph = Supergraph.build(project.supergraphSdl, { supportedFeatures: null });
  return {
    ...project,
    api: supergraph.apiSchema().toGraphQLJSSchema(),
    plan: testPlanner(project.supergraphSdl),
  };
}

/** Names of the members of a type in the graph: fields, input fields or an enum's values; undefined without the type. */
export function membersOf(api: GraphQLSchema, typeName: string): readonly string[] | undefined {
  const type = api.getType(typeName);
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  return isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : undefined;
}

/** Names of the arguments of a field in the graph, given as `Type.field`. */
export function argumentsOf(api: GraphQLSchema, coordinate: string): readonly string[] | undefined {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = api.getType(typeName);
  if (!isObjectType(type)) return undefined;
  return type.getFields()[fieldName]?.args.map(({ name }) => name);
}
