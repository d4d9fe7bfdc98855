import { Kind, print, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import { findArgument } from '../../mapping/schema-source.ts';

/** Who may see a value; they stand on what is answered, and may not stand on what is asked. */
const access = ['authenticated', 'requiresScopes', 'policy'] as const;

/** What is said of a member, and holds for everything that is derived from it. */
const inherited = ['deprecated', 'tag', 'inaccessible', ...access] as const;

/** What the hub's copy of a type, field or value says about it must be all that the author said about it. */
const carried = [...inherited, 'cost', 'listSize', 'specifiedBy'] as const;

/** The carried directives that come from the federation specification and need an import. */
export const linkedDirectives: readonly string[] = carried.filter(
  (name) => name !== 'deprecated' && name !== 'specifiedBy',
);

type Directives = readonly ConstDirectiveNode[];

export function carriedDirectives(directives: Directives | undefined): Directives {
  return (directives ?? []).filter(({ name }) => carried.some((known) => known === name.value));
}

/** What hands down from a type, field or value to all that stands for it, once each. */
export function inheritedDirectives(directives: Directives): Directives {
  const merged = new Map<string, ConstDirectiveNode>();
  for (const directive of directives) {
    const name = inherited.find((known) => known === directive.name.value);
    if (name === undefined) continue;
    const place = name === 'tag' ? print(directive) : name;
    const known = merged.get(place);
    merged.set(place, known === undefined ? directive : mergeTwo(known, directive));
  }
  return [...merged.values()];
}

export function withoutAccess(directives: Directives): Directives {
  return directives.filter(({ name }) => !access.some((known) => known === name.value));
}

export function isInaccessible(node: { readonly directives?: Directives | undefined }): boolean {
  return (node.directives ?? []).some(({ name }) => name.value === 'inaccessible');
}

export const inaccessible: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'inaccessible' },
};

/** One of a kind that cannot be repeated. Of alternatives in scopes or policies, one of each has to be met. */
function mergeTwo(first: ConstDirectiveNode, second: ConstDirectiveNode): ConstDirectiveNode {
  const argument = first.arguments?.[0];
  const isChoice = ['requiresScopes', 'policy'].includes(first.name.value);
  if (!isChoice || argument === undefined || print(first) === print(second)) return first;
  const others = alternativesOf(findArgument(second, argument.name.value));
  const values = alternativesOf(argument.value).flatMap((one) =>
    others.map((other): ConstValueNode => {
      const both = new Map([...one, ...other].map((value) => [print(value), value]));
      return { kind: Kind.LIST, values: [...both.values()] };
    }),
  );
  return { ...first, arguments: [{ ...argument, value: { kind: Kind.LIST, values } }] };
}

/** A list of lists; GraphQL lets one value stand for a list of one. */
function alternativesOf(value: ConstValueNode | undefined): readonly (readonly ConstValueNode[])[] {
  return itemsOf(value).map(itemsOf);
}

function itemsOf(value: ConstValueNode | undefined): readonly ConstValueNode[] {
  if (value === undefined) return [];
  return value.kind === Kind.LIST ? value.values : [value];
}
