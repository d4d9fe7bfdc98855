import type { Random } from '../../oracle/random.ts';
import type { ContextSource, RandomField, Required } from './random-field.ts';
import type { RandomGraph, RandomType } from './random-graph.ts';

export type ContextualField = RandomField & { readonly kind: 'contextual' };

/** What a subgraph puts at the root of questions, so that contexts may come from there. */
export function rootScalars(
  graph: RandomGraph,
  subgraph: string,
): readonly (readonly [string, string])[] {
  const isUsed = contextualFields(graph).some(({ owners }) => owners.includes(subgraph));
  return isUsed
    ? [
        [`${subgraph}Text`, 'String'],
        [`${subgraph}Number`, 'Int'],
      ]
    : [];
}

export function contextualFields(graph: RandomGraph): readonly ContextualField[] {
  return [...graph.types.values()].flatMap(({ fields }) =>
    fields.filter((field) => field.kind === 'contextual'),
  );
}

/**
 * Adds fields that take an argument out of the context. What an object of an interface is may be known only when it is
 * there, so the types of one have a context together or not at all.
 */
export function addContexts(graph: RandomGraph, random: Random): void {
  const homes = [...graph.types.values()].filter(({ kind }) => kind === 'entity');
  const count = 1 + random.below(3);
  for (let index = 0; index < count; index += 1) {
    const type = random.pick(homes);
    const owner = random.pick([...type.homes.keys()]);
    const field = contextual(graph, random, type, owner, `x${index}`);
    if (field === undefined) continue;
    type.fields.push(field);
    addWays(graph, random, type, field);
  }
}

/** Some objects with the context lead to the object that asks for it, so that it is not always that of the root. */
function addWays(
  graph: RandomGraph,
  random: Random,
  { name: target, homes }: RandomType,
  { name, sources }: ContextualField,
): void {
  for (const { on } of sources) {
    const type = graph.types.get(on);
    const both = [...(type?.homes.keys() ?? [])].filter((graphName) => homes.has(graphName));
    if (type === undefined || both.length === 0 || random.isTrue(0.3)) continue;
    const way = {
      kind: 'reference',
      name: `z${name}${on}`,
      target,
      isList: random.isTrue(0.4),
    } as const;
    if (!type.fields.some((field) => field.name === way.name))
      type.fields.push({ ...way, owners: [random.pick(both)] });
  }
}

function contextual(
  graph: RandomGraph,
  random: Random,
  type: RandomType,
  owner: string,
  name: string,
): ContextualField | undefined {
  const argument = random.pick(['String', 'Int']);
  const known = [...graph.types.values()].filter(
    (one) => one.kind === 'entity' && one.homes.has(owner) && !isInInterface(graph, one.name),
  );
  const sourceOf = (one: RandomType): readonly ContextSource[] => {
    const found = sourcesIn(graph, one, owner, argument, 1);
    return found.length === 0 ? [] : [{ ...random.pick(found), on: one.name }];
  };
  const chosen = random.shuffle(known).slice(0, 1 + random.below(3));
  const sources = chosen.flatMap(sourceOf);
  const members = graph.abstracts.get('I')?.members ?? [];
  const together = members.flatMap((one) => {
    const member = graph.types.get(one);
    return member?.homes.has(owner) === true ? sourceOf(member) : [];
  });
  if (together.length === members.length && random.isTrue(0.7))
    sources.push(...together.map((source) => ({ ...source, holder: 'I' })));
  const isRooted = random.isTrue(0.85);
  const text = argument === 'String';
  if (isRooted) sources.push({ on: 'Query', field: `${owner}${text ? 'Text' : 'Number'}` });
  if (sources.length === 0) return undefined;
  const requires = random.isTrue(0.3) ? requirable(type, owner) : [];
  const targets = known.filter(() => random.isTrue(0.1));
  const target = targets[0]?.name;
  return { kind: 'contextual', name, owners: [owner], argument, sources, requires, target };
}

function requirable(type: RandomType, owner: string): readonly Required[] {
  return type.fields.flatMap((field) =>
    field.kind === 'scalar' && !field.owners.includes(owner) && field.takenFrom === undefined
      ? [{ field: field.name }]
      : [],
  );
}

function sourcesIn(
  graph: RandomGraph,
  type: RandomType,
  owner: string,
  argument: string,
  levels: number,
): readonly Required[] {
  return type.fields.flatMap((field): readonly Required[] => {
    if (field.kind === 'contextual') return [];
    if (field.kind === 'computed') return argument === 'String' ? [{ field: field.name }] : [];
    if (field.kind === 'scalar')
      return field.type.startsWith(argument) && field.takenFrom === undefined
        ? [{ field: field.name }]
        : [];
    const target = graph.types.get(field.target);
    if (field.isList || target?.kind !== 'entity' || levels === 0) return [];
    if (!target.homes.has(owner)) return [];
    const below = sourcesIn(graph, target, owner, argument, levels - 1);
    return below.map((one) => ({ field: field.name, below: [one] }));
  });
}

function isInInterface(graph: RandomGraph, name: string): boolean {
  return graph.abstracts.get('I')?.members.includes(name) === true;
}
