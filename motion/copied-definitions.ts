import {
  Kind,
  specifiedScalarTypes,
  visit,
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type ScalarTypeDefinitionNode,
} from 'graphql';
import type { LakeModel } from '../mapping/model.ts';
import type { AuthoredSchema } from '../mapping/overrides.ts';
import type { EventEntity } from './event-entities.ts';

/** Scalars and enums that the definitions name and do not define: as authored where somebody did, else as ours. */
export function copiedDefinitions(
  definitions: readonly DefinitionNode[],
  entities: readonly EventEntity[],
  { model, schemas }: { readonly model: LakeModel; readonly schemas: readonly AuthoredSchema[] },
): readonly (ScalarTypeDefinitionNode | EnumTypeDefinitionNode)[] {
  const defined = new Set([
    ...definitions.map((node) => ('name' in node ? node.name?.value : undefined)),
    ...specifiedScalarTypes.map(({ name }) => name),
  ]);
  const named = new Set<string>();
  for (const node of definitions) {
    visit(node, { NamedType: ({ name }) => void named.add(name.value) });
  }
  // A key's type is meant as the domain of the identity means it.
  const owners = entities.map(({ name }) => model.entities.get(name)?.identity.domain);
  const inOrder = schemas.toSorted(
    (a, b) => Number(owners.includes(b.name)) - Number(owners.includes(a.name)),
  );
  return [...named]
    .filter((name) => !defined.has(name))
    .flatMap((name) => authoredDefinition(name, inOrder) ?? ourScalars[name] ?? []);
}

function authoredDefinition(
  name: string,
  schemas: readonly AuthoredSchema[],
): ScalarTypeDefinitionNode | EnumTypeDefinitionNode | undefined {
  const node = schemas
    .flatMap(({ document }) => document.definitions)
    .filter(
      ({ kind }) => kind === Kind.SCALAR_TYPE_DEFINITION || kind === Kind.ENUM_TYPE_DEFINITION,
    )
    .map((found) => found as ScalarTypeDefinitionNode | EnumTypeDefinitionNode)
    .find((found) => found.name.value === name);
  if (node === undefined) return undefined;
  if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
    // What the owner's directives say of it, they say in the owner's copy.
    const values = node.values?.map((value) => ({ ...value, directives: [] }));
    return { ...node, directives: [], ...(values === undefined ? {} : { values }) };
  }
  const directives = node.directives?.filter(({ name: { value } }) => value === 'specifiedBy');
  return { ...node, directives: directives ?? [] };
}

const ourScalars: Readonly<Record<string, ScalarTypeDefinitionNode>> = {
  DateTime: scalar(
    'DateTime',
    'A point in time, RFC 3339 in UTC, such as `2026-01-31T08:30:00Z`.',
    'https://scalars.graphql.org/andimarek/date-time',
  ),
  JSON: scalar('JSON', 'Any JSON value.', 'https://www.rfc-editor.org/rfc/rfc8259'),
};

function scalar(name: string, description: string, url: string): ScalarTypeDefinitionNode {
  return {
    kind: Kind.SCALAR_TYPE_DEFINITION,
    name: { kind: Kind.NAME, value: name },
    description: { kind: Kind.STRING, value: description },
    directives: [
      {
        kind: Kind.DIRECTIVE,
        name: { kind: Kind.NAME, value: 'specifiedBy' },
        arguments: [
          {
            kind: Kind.ARGUMENT,
            name: { kind: Kind.NAME, value: 'url' },
            value: { kind: Kind.STRING, value: url },
          },
        ],
      },
    ],
  };
}
