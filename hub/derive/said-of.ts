import { isTypeDefinitionNode, isTypeExtensionNode, type ConstDirectiveNode } from 'graphql';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { findDirective } from '../../mapping/schema-source.ts';
import { inheritedDirectives } from './carried-directives.ts';

/** What all schemas together say of a type (`Customer`), a field (`Customer.name`) or an enum's value (`Tier.GOLD`). */
export type SaidOf = (...coordinates: readonly string[]) => readonly ConstDirectiveNode[];

/** Composition puts together what is said in any subgraph: what one of them hides is hidden. */
export function readSaid(schemas: readonly AuthoredSchema[]): SaidOf {
  const said = new Map<string, readonly ConstDirectiveNode[]>();
  for (const node of schemas.flatMap(({ document }) => document.definitions)) {
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    const type = node.name.value;
    add(type, node.directives);
    const members = [
      ...('fields' in node ? (node.fields ?? []) : []),
      ...('values' in node ? (node.values ?? []) : []),
    ];
    for (const member of members) {
      if (findDirective(member, 'external') !== undefined) continue;
      add(`${type}.${member.name.value}`, member.directives);
    }
  }
  return (...coordinates) =>
    inheritedDirectives(coordinates.flatMap((coordinate) => said.get(coordinate) ?? []));

  function add(coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void {
    if (directives === undefined || directives.length === 0) return;
    said.set(coordinate, [...(said.get(coordinate) ?? []), ...directives]);
  }
}
