import { Kind, type ConstDirectiveNode, type ObjectTypeDefinitionNode } from 'graphql';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { typesOf } from './authored-nodes.ts';
import { objectType, type Typed } from './sdl-nodes.ts';

const shareable: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'shareable' },
};

/** Fields of `PageInfo`, after the Relay specification. */
export const pageInfoFields: readonly Typed[] = [
  {
    name: 'hasNextPage',
    type: 'Boolean!',
    description: 'Whether there is more after this page.',
  },
  {
    name: 'hasPreviousPage',
    type: 'Boolean!',
    description: 'Whether there is something before this page.',
  },
  {
    name: 'startCursor',
    type: 'String',
    description: 'Cursor of the first item; null on an empty page.',
  },
  {
    name: 'endCursor',
    type: 'String',
    description: 'Cursor of the last item; null on an empty page.',
  },
];

/** Described as another subgraph does, where one has it, too: composition remarks on two descriptions of one thing. */
export function pageInfoDefinition(schemas: readonly AuthoredSchema[]): ObjectTypeDefinitionNode {
  const authored = schemas.flatMap(({ document }) => typesOf(document).get('PageInfo') ?? []);
  const textOf = (fieldName: string): string | undefined =>
    authored
      .flatMap(({ fields }) => fields.filter(({ name }) => name.value === fieldName))
      .find(({ description }) => description !== undefined)?.description?.value;
  const described = authored.find(({ description }) => description !== undefined);
  return objectType(
    {
      name: 'PageInfo',
      description: described?.description?.value ?? 'Where a page stands in its list.',
      directives: [shareable],
    },
    pageInfoFields.map((field) => ({
      ...field,
      description: textOf(field.name) ?? field.description,
    })),
  );
}
