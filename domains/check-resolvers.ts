import { Kind } from 'graphql';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import type { Domain } from '../mapping/model.ts';
import { collectTypes, findDirective, locate, type TypeSource } from '../mapping/schema-source.ts';
import type { ResolverModule } from './resolver-module.ts';

const rootTypes: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Checks that every computed field has its resolver, and that every resolver has a field to compute. */
export function checkResolvers(domain: Domain, module: ResolverModule, file: string): void {
  const types = collectTypes(domain.document);
  const given = Object.entries(module).flatMap(([type, resolvers]) =>
    Object.keys(resolvers).map((field) => `${type}.${field}`),
  );
  for (const coordinate of given) {
    const problem = problemOf(coordinate, domain, types);
    if (problem === undefined) continue;
    const advice = adviceFor(coordinate, domain, given);
    throw raise(
      'RESOLVER_UNKNOWN',
      { domain: domain.name, coordinate, problem, advice },
      { at: { file } },
    );
  }
  for (const coordinate of domain.computedCoordinates) {
    if (given.includes(coordinate)) continue;
    const advice = given.length === 0 ? '' : `Resolvers there: ${given.join(', ')}.`;
    throw raise(
      'RESOLVER_MISSING',
      { domain: domain.name, coordinate, file, advice },
      { at: locationOf(coordinate, types) },
    );
  }
}

function problemOf(
  coordinate: string,
  domain: Domain,
  types: ReadonlyMap<string, TypeSource>,
): string | undefined {
  if (domain.computedCoordinates.includes(coordinate)) return undefined;
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = types.get(typeName);
  const isLakeBacked = domain.types.some(({ name }) => name === typeName);
  if (fieldName === '__resolveType') {
    const isAbstract = type?.kind === 'interface' || isUnion(typeName, domain);
    return isAbstract ? undefined : 'the schema has no interface or union of that name';
  }
  if (type === undefined) return `the schema has no type ${typeName}`;
  if (fieldName === '__resolveReference') {
    if (isLakeBacked) return `entities of ${typeName} are found in the lake`;
    return findDirective(type, 'key') === undefined ? `${typeName} has no key` : undefined;
  }
  if (type.kind === 'interface')
    return `${typeName} is an interface, whose fields have no resolvers`;
  if (!type.fields.some(({ name }) => name.value === fieldName)) {
    return `${typeName} has no field ${fieldName}`;
  }
  if (isLakeBacked) return 'the lake holds that field, so that it needs no resolver';
  // Fields of other types may be computed, and need not be: their parent came from a resolver.
  return rootTypes.has(typeName) ? 'that field is looked up in the lake' : undefined;
}

function adviceFor(coordinate: string, domain: Domain, given: readonly string[]): string {
  const open = domain.computedCoordinates.filter((candidate) => !given.includes(candidate));
  if (open.length === 0) return 'Remove it.';
  return `${didYouMean(coordinate, open)} Otherwise remove it.`;
}

function isUnion(name: string, { document }: Domain): boolean {
  return document.definitions.some(
    (node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === name,
  );
}

function locationOf(
  coordinate: string,
  types: ReadonlyMap<string, TypeSource>,
): SourceLocation | undefined {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const field = types.get(typeName)?.fields.find(({ name }) => name.value === fieldName);
  return field && locate(field);
}
