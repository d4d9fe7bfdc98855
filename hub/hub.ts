import { buildSubgraphSchema } from '@apollo/subgraph';
import { executeSync, getVariableValues, GraphQLError, Kind, type GraphQLSchema } from 'graphql';
import type { Lake } from '../lake/engine.ts';
import { projectionsOf } from '../mapping/projection.ts';
import type { WireOptions } from '../wire/to-wire.ts';
import { compileOperation, type CompiledRoot } from './compile/compile-operation.ts';
import type { RootForm } from './compile/intermediate-form.ts';
import type { HubSchema } from './derive/derive-hub.ts';
import { hubReader, type HubReader } from './execute/hub-reader.ts';
import { OperationCache, type PreparedOperation } from './execute/operation-cache.ts';
import { runEntities, runLookup } from './execute/run-entities.ts';
import { runList } from './execute/run-list.ts';
import { reportNull, type ShapeContext } from './shape/shape-context.ts';

export interface HubRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly wire: WireOptions;
  readonly signal?: AbortSignal | undefined;
}

export interface HubAnswer {
  /** Not there when the request could not be run at all. */
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLError[];
}

/** The derived subgraph at work: compiles a fetch once, runs it on the lake, shapes the rows into the answer. */
export interface Hub {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  readonly execute: (request: HubRequest) => Promise<HubAnswer>;
}

const operationCacheCapacity = 2_000;

export function createHub({
  hubSchema,
  lake,
}: {
  readonly hubSchema: HubSchema;
  readonly lake: Lake;
}): Hub {
  const schema = buildSubgraphSchema({ typeDefs: hubSchema.document });
  const projections = projectionsOf(hubSchema.model);
  const cache = new OperationCache(operationCacheCapacity, (operation) =>
    compileOperation(operation, hubSchema, schema, projections),
  );
  return { schema, sdl: hubSchema.sdl, execute };

  async function execute(request: HubRequest): Promise<HubAnswer> {
    const given = request.variables ?? {};
    const prepared = prepare(request.query, request.operationName, given);
    if (prepared instanceof GraphQLError) return { errors: [prepared] };
    const coerced = getVariableValues(schema, prepared.operation.variableDefinitions ?? [], given);
    if (coerced.errors !== undefined) return { errors: coerced.errors };
    const reader = hubReader(lake, request.signal);
    const context: ShapeContext = { wire: request.wire, errors: [] };
    const answers = await Promise.all(
      prepared.compiled.roots.map((root) =>
        runRoot(root, coerced.coerced, reader, context, prepared, schema),
      ),
    );
    const isNull = answers.includes(undefined);
    const keys = prepared.compiled.roots.map(({ form }) => form.responseKey);
    const data = isNull
      ? null
      : Object.fromEntries(keys.map((key, index) => [key, answers[index]]));
    return context.errors.length === 0 ? { data } : { data, errors: context.errors };
  }

  /** What the caller got wrong about the document is an answer; all else is thrown. */
  function prepare(...request: Parameters<typeof cache.prepare>): PreparedOperation | GraphQLError {
    try {
      return cache.prepare(...request);
    } catch (error) {
      if (error instanceof GraphQLError) return error;
      throw error;
    }
  }
}

/** The value of one root field; undefined when it is null and must not be. */
async function runRoot(
  root: CompiledRoot,
  variables: Readonly<Record<string, unknown>>,
  reader: HubReader,
  context: ShapeContext,
  prepared: PreparedOperation,
  schema: GraphQLSchema,
): Promise<unknown> {
  switch (root.kind) {
    case 'lookup': {
      const entity = await runLookup(root, variables, reader, context);
      if (entity !== null || !root.form.isNonNull) return entity;
      const { fieldName, responseKey } = root.form;
      const isExplained = context.errors.some(({ path }) => path?.[0] === responseKey);
      if (!isExplained)
        reportNull(context, 'Query', fieldName, { previous: undefined, key: responseKey });
      return undefined;
    }
    case 'list':
      return runList(root, variables, reader, context);
    case 'entities':
      return runEntities(root, variables, reader, context);
    case 'answer':
      return root.form.kind === 'typename'
        ? 'Query'
        : answerFromSchema(root.form, prepared, variables, schema);
  }
}

/** `_service`, `__schema` and `__type` are graphql-js's business. */
function answerFromSchema(
  { responseKey, nodes }: RootForm & { readonly kind: 'schema' },
  { document, operation }: PreparedOperation,
  variables: Readonly<Record<string, unknown>>,
  schema: GraphQLSchema,
): unknown {
  const { data } = executeSync({
    schema,
    document: {
      ...document,
      definitions: [
        ...document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION),
        { ...operation, selectionSet: { ...operation.selectionSet, selections: nodes } },
      ],
    },
    variableValues: variables,
    rootValue: {},
  });
  return data?.[responseKey] ?? null;
}
