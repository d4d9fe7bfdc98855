import type { ConstDirectiveNode } from 'graphql';

/** What the hub's copy of a type, field or value says about it must be all that the author said about it. */
const carried = [
  'deprecated',
  'tag',
  'inaccessible',
  'authenticated',
  'requiresScopes',
  'policy',
  'cost',
  'listSize',
  'specifiedBy',
] as const;

/** The carried directives that come from the federation specification and need an import. */
export const linkedDirectives: readonly string[] = carried.filter(
  (name) => name !== 'deprecated' && name !== 'specifiedBy',
);

export function carriedDirectives(
  directives: readonly ConstDirectiveNode[] | undefined,
): readonly ConstDirectiveNode[] {
  return (directives ?? []).filter(({ name }) => carried.some((known) => known === name.value));
}
