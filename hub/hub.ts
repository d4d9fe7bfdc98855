import type { EndSignal } from '../foundation/early-end.ts';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { executeSync, getVariableValues, GraphQLError, Kind, type GraphQLSchema } from 'graphql';
import { bothTraces, type Lake, type StatementTrace } from '../lake/engine.ts';
import type { PartsRead } from '../mapping/parts-read.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { completeScalars } from '../wire/scalars.ts';
import type { KeyRedirects } from '../wire/lead-key.ts';
import type { WireOptions } from '../wire/to-wire.ts';
import { compileOperation, type CompiledRoot } from './compile/compile-operation.ts';
import { checkValues } from './compile/check-values.ts';
import type { RootForm } from './compile/intermediate-form.ts';
import { checkSelectionDepth } from './compile/selection-depth.ts';
import type { HubSchema } from './derive/derive-hub.ts';
import type { AnswerReads } from './execute/answer-reads.ts';
import { EntityCache } from './execute/entity-cache.ts';
import { hubReader } from './execute/hub-reader.ts';
import { JoinedLookups } from './execute/joined-lookups.ts';
import { OperationCache, type PreparedOperation } from './execute/operation-cache.ts';
import { RowBudget } from './execute/row-budget.ts';
import { runAggregate } from './execute/run-aggregate.ts';
import { RowsRead } from './execute/rows-read.ts';
import type { RunContext } from './execute/run-context.ts';
import { runEntities, runLookup } from './execute/run-entities.ts';
import { runList } from './execute/run-list.ts';
import { defaultLimits, type HubLimits } from './limits.ts';
import { FilterBudget } from './question/filter-budget.ts';
import type { Path } from './shape/path.ts';
import { reportError, reportNull } from './shape/shape-context.ts';
import { HubMeter } from './hub-meter.ts';
import { observed } from './sql/projections.ts';

export interface HubRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly wire: WireOptions;
  readonly signal?: EndSignal | undefined;
  /** Whether fields of root fields may be `JsonText`, for who writes answers with `JsonTexts`. */
  readonly takesJsonText?: boolean | undefined;
  /** Whether the operation is only to be compiled; the answer has no data then. */
  readonly isOnlyPrepared?: boolean | undefined;
  /** Told of every statement, none of which is then shared with other requests. */
  readonly trace?: StatementTrace | undefined;
  /** Told of every statement, whoever shares it. */
  readonly observe?: StatementTrace | undefined;
  /** Told what the answer is made of. */
  readonly partsRead?: PartsRead | undefined;
  /** Told the same, as far as it has to be known for keeping the answer; not together with `partsRead`. */
  readonly reads?: AnswerReads | undefined;
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
/** Every wrong item of a list is an error that quotes it, and there may be thousands; these are enough to learn by. */
export const mostVariableErrors = 20;

export function createHub({
  hubSchema,
  lake,
  limits = defaultLimits,
  redirects,
  entityCacheBytes = 0,
  meter = new HubMeter(),
}: {
  readonly hubSchema: HubSchema;
  readonly lake: Lake;
  readonly limits?: HubLimits | undefined;
  /** Where keys of merged entities lead. */
  readonly redirects?: KeyRedirects | undefined;
  /** For rows that were looked up by key; 0 keeps none. */
  readonly entityCacheBytes?: number | undefined;
  readonly meter?: HubMeter | undefined;
}): Hub {
  const schema = buildSubgraphSchema({ typeDefs: hubSchema.document });
  completeScalars(schema);
  const projections = projectionsOf(hubSchema.model);
  const cache = new OperationCache({
    capacity: operationCacheCapacity,
    check: (document) => checkValues(document, schema),
    compile: (operation) => {
      checkSelectionDepth(operation, limits);
      return compileOperation(operation, hubSchema, schema, projections);
    },
    meter: meter.operations,
  });
  const { versions } = lake;
  const keptRows =
    entityCacheBytes === 0
      ? undefined
      : new EntityCache({ maxBytes: entityCacheBytes, versions, meter: meter.entities });
  const joined = new JoinedLookups({ lake, cache: keptRows, timeoutMs: limits.timeoutMs, meter });
  return { schema, sdl: hubSchema.sdl, execute };

  async function execute(request: HubRequest): Promise<HubAnswer> {
    const { reads } = request;
    reads?.begin(lake.versions.now);
    const given = request.variables ?? {};
    const prepared = prepare(request.query, request.operationName, given);
    if (prepared instanceof GraphQLError) return { errors: [prepared] };
    if (request.isOnlyPrepared === true) return { data: null };
    const coerced = getVariableValues(schema, prepared.operation.variableDefinitions ?? [], given, {
      maxErrors: mostVariableErrors,
    });
    if (coerced.errors !== undefined) return { errors: coerced.errors };
    const reader = hubReader(lake, {
      signal: request.signal,
      timeoutMs: limits.timeoutMs,
      trace: bothTraces(request.trace, request.observe),
    });
    const budget = new RowBudget(limits.rowsInAnswer);
    const context: RunContext = {
      model: hubSchema.model,
      searchedFields: hubSchema.searchedFields,
      projections: observed(projections, reads?.partsRead ?? request.partsRead),
      limits,
      filters: new FilterBudget(limits),
      redirects,
      reader,
      joined: request.trace === undefined ? joined : undefined,
      observe: request.observe,
      reads,
      signal: request.signal,
      variables: coerced.coerced,
      shape: { wire: request.wire, errors: [], objects: new RowBudget(limits.rowsInAnswer) },
      takesJsonText: request.takesJsonText === true,
      budget,
      rowsRead: new RowsRead({ reader, limits, budget }),
    };
    const answers = await Promise.all(
      prepared.compiled.roots.map((root) => runRoot(root, context, prepared, schema)),
    );
    const { errors } = context.shape;
    const isNull = answers.includes(undefined);
    const keys = prepared.compiled.roots.map(({ form }) => form.responseKey);
    const data = isNull
      ? null
      : Object.fromEntries(keys.map((key, index) => [key, answers[index]]));
    if (errors.length > 0) return { data, errors };
    reads?.finish();
    return { data };
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
  context: RunContext,
  prepared: PreparedOperation,
  schema: GraphQLSchema,
): Promise<unknown> {
  const path: Path = { previous: undefined, key: root.form.responseKey };
  switch (root.kind) {
    case 'lookup': {
      const entity = await runLookup(root, context);
      if (entity !== null || !root.form.isNonNull) return entity;
      const { fieldName, responseKey } = root.form;
      const isExplained = context.shape.errors.some((error) => error.path?.[0] === responseKey);
      if (!isExplained) reportNull(context.shape, 'Query', fieldName, path);
      return undefined;
    }
    case 'list':
      return orReport(() => runList(root, path, context), path, context);
    case 'aggregate':
      return orReport(() => runAggregate(root.form, context), path, context);
    case 'entities':
      return runEntities(root, context);
    case 'answer':
      return root.form.kind === 'typename'
        ? 'Query'
        : answerFromSchema(root.form, prepared, context.variables, schema);
  }
}

/** Lists and aggregates are never null: an error is one of the whole answer. */
async function orReport(
  run: () => Promise<unknown>,
  path: Path,
  { shape }: RunContext,
): Promise<unknown> {
  try {
    return (await run()) ?? undefined;
  } catch (error) {
    reportError(shape, error, path);
    return undefined;
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
