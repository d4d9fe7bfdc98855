import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Fetcher } from '../graph/local-subgraphs.ts';
import type { AnswerPath } from './answer-so-far.ts';
import { compileGroupedFetch, type GroupedFetch } from './compile-grouped-fetch.ts';
import { KnownTexts } from './known-texts.ts';
import { errorAtPath } from './error-at-path.ts';
import type { SubgraphAnswer, SubgraphFetch } from './guarded-source.ts';

/** Indices of entities in the list of a fetch. */
type Group = readonly number[];

/** The values of a variable that is not the same for all entities of a fetch. */
class GroupedValue {
  readonly groups: readonly Group[];
  /** One for each group. */
  readonly values: readonly unknown[];

  constructor(groups: readonly Group[], values: readonly unknown[]) {
    this.groups = groups;
    this.values = values;
  }
}

/**
 * Variables of a fetch out of their values for each of its entities. Where these differ, `withEntityGroups` makes of
 * them what a subgraph understands.
 */
export function groupEntities(
  found: ReadonlyMap<string, readonly unknown[]>,
): Readonly<Record<string, unknown>> {
  const lists = [...found.values()];
  const groups = new Map<string, number[]>();
  for (const index of lists[0]?.keys() ?? []) {
    const id = JSON.stringify(lists.map((values) => values[index]));
    const known = groups.get(id);
    if (known === undefined) groups.set(id, [index]);
    else known.push(index);
  }
  const all = [...groups.values()];
  const variables = [...found].map(([name, values]) => {
    const ofGroups = all.map(([first = 0]) => values[first] ?? null);
    return [name, all.length === 1 ? ofGroups[0] : new GroupedValue(all, ofGroups)];
  });
  return Object.fromEntries(variables);
}

/**
 * A way to a subgraph for fetches whose variables differ between entities. It asks for `_entities` once for each
 * group that shares its values, all in one request: a list has often as many values as it has items, and a request for
 * each of them would be too many. The answers are put together again in the order of the entities.
 *
 * @throws what `fetch` throws; SUBGRAPH_ANSWER_INVALID
 */
export function withEntityGroups(fetch: Fetcher, subgraph: string): Fetcher {
  const compiled = new KnownTexts<GroupedFetch>();
  return async (request) => {
    const varied = Object.entries(request.variables).flatMap(([name, value]) =>
      value instanceof GroupedValue ? [[name, value] as const] : [],
    );
    const [[, { groups }] = [undefined, { groups: undefined }]] = varied;
    if (groups === undefined) return fetch(request);
    const names = varied.map(([name]) => name);
    const { query: text } = request;
    const grouped = compiled.of(text, () => compileGroupedFetch(text, names));
    const variables = groupedVariables(request.variables, grouped, groups);
    const query = grouped.queryFor(groups.length);
    return joinGroups(await fetch({ ...request, query, variables }), grouped, groups, subgraph);
  };
}

function groupedVariables(
  variables: SubgraphFetch['variables'],
  { lists, nameIn }: GroupedFetch,
  groups: readonly Group[],
): SubgraphFetch['variables'] {
  const entries = Object.entries(variables).flatMap(([name, value]) => {
    if (value instanceof GroupedValue)
      return value.values.map((one, group) => [nameIn(name, group), one] as const);
    if (!lists.includes(name) || !Array.isArray(value)) return [[name, value] as const];
    const all: readonly unknown[] = value;
    return groups.map(
      (group, index) => [nameIn(name, index), group.map((entity) => all[entity])] as const,
    );
  });
  return Object.fromEntries(entries);
}

function joinGroups(
  { data, errors }: SubgraphAnswer,
  { keys, nameIn }: GroupedFetch,
  groups: readonly Group[],
  subgraph: string,
): SubgraphAnswer {
  const places = new Map(
    keys.flatMap((key) =>
      groups.map((group, index) => [nameIn(key, index), { key, group }] as const),
    ),
  );
  const placed = errors?.map((error) => {
    const path = placeOf(error.path, places);
    return path === undefined ? error : errorAtPath(error, path);
  });
  if (!data) return { data, errors: placed };
  const joined: Record<string, unknown[]> = {};
  for (const [name, { key, group }] of places) {
    const entities = data[name];
    if (!Array.isArray(entities) || entities.length !== group.length)
      throw raise('SUBGRAPH_ANSWER_INVALID', { subgraph });
    const all = (joined[key] ??= []);
    for (const [position, entity] of group.entries()) all[entity] = entities[position];
  }
  return { data: joined, errors: placed };
}

function placeOf(
  path: AnswerPath | undefined,
  places: ReadonlyMap<unknown, { readonly key: string; readonly group: Group }>,
): AnswerPath | undefined {
  const [name, position, ...rest] = path ?? [];
  const place = places.get(name);
  if (place === undefined) return undefined;
  const entity = typeof position === 'number' ? place.group[position] : undefined;
  return entity === undefined ? [place.key] : [place.key, entity, ...rest];
}
