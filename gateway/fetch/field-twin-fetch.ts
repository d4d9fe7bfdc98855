import { raise } from '../../foundation/errors/tributary-error.ts';
import type { FieldTwins, RequiredTwins } from '../../registry/field-twins.ts';
import type { AnswerPath } from './answer-so-far.ts';
import type { SubgraphAnswer, SubgraphFetch } from './guarded-source.ts';
import { KnownTexts } from './known-texts.ts';
import { errorAtPath } from './error-at-path.ts';
import { together } from '../plan/operation/response-keys.ts';
import { compileTwinFetch, type EntityVariant, type TwinFetch } from './compile-twin-fetch.ts';
import { isJsonObject } from '../../foundation/json-object.ts';

type Fetcher = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;

/**
 * The other half of `addArgumentTwins`: the planner asks for twins that no subgraph knows, and this translates. A twin
 * that is to be fetched is asked for as an alias of the real field with its arguments. A representation that holds a
 * twin is sent with the real field's name; where two fields of one fetch require that field with different arguments,
 * `_entities` is asked for twice in one request, each time with the values that one of them requires, and the answers
 * are put together again.
 *
 * @throws what `fetch` throws; SUBGRAPH_ANSWER_INVALID
 */
export function withFieldTwins(
  fetch: Fetcher,
  subgraph: string,
  { byName, requiredBy }: FieldTwins,
): Fetcher {
  if (byName.size === 0) return fetch;
  const requirements: RequiredTwins = requiredBy.get(subgraph) ?? new Map();
  const compiled = new KnownTexts<TwinFetch>();
  return async (request) => {
    const { query, variants } = compiled.of(request.query, () =>
      compileTwinFetch(request.query, { byName, requirements }),
    );
    if (variants === undefined) return fetch({ ...request, query });
    const { representations, ...others } = request.variables;
    const renamed = variants.map((variant) => [
      variant.variable,
      withRealNames(representations, '', variant.twins, byName),
    ]);
    const variables = { ...others, ...Object.fromEntries(renamed) };
    const answer = await fetch({ ...request, query, variables });
    return variants.length === 1 ? answer : joinVariants(answer, variants, subgraph);
  };
}

/** A representation as the subgraph knows it: of the twins only those that this variant requires. */
function withRealNames(
  value: unknown,
  path: string,
  twins: ReadonlySet<string>,
  byName: FieldTwins['byName'],
): unknown {
  if (Array.isArray(value)) return value.map((item) => withRealNames(item, path, twins, byName));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const ownPath = path === '' ? name : `${path}.${name}`;
    const twin = byName.get(name);
    if (twin !== undefined && !twins.has(ownPath)) return [];
    return [[twin?.field ?? name, withRealNames(item, ownPath, twins, byName)] as const];
  });
  return Object.fromEntries(entries);
}

function joinVariants(
  { data, errors }: SubgraphAnswer,
  variants: readonly EntityVariant[],
  subgraph: string,
): SubgraphAnswer {
  const keys = new Set<unknown>(variants.map(({ key }) => key));
  const atEntities = (path: AnswerPath | undefined): AnswerPath | undefined =>
    path !== undefined && keys.has(path[0]) ? ['_entities', ...path.slice(1)] : path;
  const placed = errors?.map((error) => {
    const path = atEntities(error.path);
    if (path === error.path || path === undefined) return error;
    return errorAtPath(error, path);
  });
  if (!data) return { data, errors: placed };
  const [first = [], ...rest] = variants.map(({ key }) => {
    const entities = data[key];
    if (!Array.isArray(entities)) throw raise('SUBGRAPH_ANSWER_INVALID', { subgraph });
    return entities as readonly unknown[];
  });
  if (rest.some(({ length }) => length !== first.length))
    throw raise('SUBGRAPH_ANSWER_INVALID', { subgraph });
  const joined = first.map((entity, index) =>
    rest.reduce((whole, entities) => together(whole, entities[index]), entity),
  );
  return { data: { _entities: joined }, errors: placed };
}
