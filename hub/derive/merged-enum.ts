import { Kind, print, type EnumTypeDefinitionNode, type EnumValueDefinitionNode } from 'graphql';
import type { LakeModel } from '../../mapping/model.ts';
import { carriedDirectives } from './carried-directives.ts';

/** The values of all domains' copies in one enum, so that the hub may answer with any of them. */
export function mergedEnum(name: string, model: LakeModel): EnumTypeDefinitionNode | undefined {
  const nodes = model.domains
    .flatMap(({ document }) => document.definitions)
    .filter(
      (node) => node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION,
    )
    .filter((node) => node.name.value === name);
  const first = nodes.find((node) => node.kind === Kind.ENUM_TYPE_DEFINITION);
  if (first === undefined) return undefined;
  const byName = new Map<string, EnumValueDefinitionNode>();
  for (const value of nodes.flatMap(({ values }) => values ?? [])) {
    const known = byName.get(value.name.value);
    const directives = carriedDirectives([
      ...(known?.directives ?? []),
      ...(value.directives ?? []),
    ]);
    const unique = new Map(directives.map((directive) => [print(directive), directive]));
    byName.set(value.name.value, { ...value, ...known, directives: [...unique.values()] });
  }
  return {
    ...first,
    directives: carriedDirectives(first.directives),
    values: [...byName.values()],
  };
}
