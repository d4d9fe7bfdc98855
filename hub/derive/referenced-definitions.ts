import {
  Kind,
  visit,
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ScalarTypeDefinitionNode,
} from 'graphql';
import type { LakeModel } from '../../mapping/model.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { stubKey } from '../../mapping/build-lake-model.ts';
import { typesOf } from './authored-nodes.ts';
import { carriedDirectives } from './carried-directives.ts';
import { copyInterface } from './interfaces.ts';
import { keyDirective } from './key-directive.ts';
import { mergedEnum } from './merged-enum.ts';

type Referenced =
  | EnumTypeDefinitionNode
  | InterfaceTypeDefinitionNode
  | ObjectTypeDefinitionNode
  | ScalarTypeDefinitionNode;

/** The hub's copies of the enums, scalars, interfaces and mere references that its own types name. */
export function referencedDefinitions(
  own: readonly DefinitionNode[],
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
): readonly DefinitionNode[] {
  const defined = new Set(own.map(nameOf));
  const found = new Map<string, Referenced>();
  let pending: readonly DefinitionNode[] = own;
  while (pending.length > 0) {
    const names = [...namedTypes(pending)].filter((name) => !defined.has(name));
    pending = names.flatMap((name) => copyDefinition(name, model, schemas));
    for (const name of names) defined.add(name);
    for (const node of pending) if (isReferenced(node)) found.set(node.name.value, node);
  }
  return [...found.values()];
}

function namedTypes(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      NamedType: ({ name }) => {
        names.add(name.value);
      },
    });
  }
  return names;
}

function copyDefinition(
  name: string,
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
): readonly Referenced[] {
  const merged = mergedEnum(name, model);
  if (merged !== undefined) return [merged];
  const scalar = schemas
    .flatMap(({ document }) => document.definitions)
    .filter((node) => node.kind === Kind.SCALAR_TYPE_DEFINITION)
    .find((node) => node.name.value === name);
  if (scalar !== undefined)
    return [{ ...scalar, directives: carriedDirectives(scalar.directives) }];
  if (name === decimalScalar.name.value) return [decimalScalar];
  const face = copyInterface(name, model);
  if (face !== undefined) return [face];
  return copyReference(name, model);
}

/** Sums of whole numbers are Decimals, also where no field is one. */
const decimalScalar: ScalarTypeDefinitionNode = {
  kind: Kind.SCALAR_TYPE_DEFINITION,
  description: {
    kind: Kind.STRING,
    value: 'A decimal number of a fixed scale; a JSON number by default, a string on request.',
  },
  name: { kind: Kind.NAME, value: 'Decimal' },
};

/** A type outside the lake, of which the hub knows the key alone. */
function copyReference(name: string, model: LakeModel): readonly ObjectTypeDefinitionNode[] {
  for (const domain of model.domains) {
    const key = stubKey(domain.name, name, model.domains);
    const type = typesOf(domain.document).get(name);
    if (key === undefined || type === undefined) continue;
    const directive = keyDirective(key);
    const unresolvable = {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'resolvable' },
      value: { kind: Kind.BOOLEAN, value: false },
    } as const;
    return [
      {
        kind: Kind.OBJECT_TYPE_DEFINITION,
        name: { kind: Kind.NAME, value: name },
        directives: [{ ...directive, arguments: [...(directive.arguments ?? []), unresolvable] }],
        // In the order of the key, in which relations hold its values.
        fields: key.flatMap((part) =>
          type.fields
            .filter((field) => field.name.value === part)
            .map((field) => ({ ...field, directives: carriedDirectives(field.directives) })),
        ),
      },
    ];
  }
  return [];
}

function isReferenced(node: DefinitionNode): node is Referenced {
  return 'name' in node && node.name !== undefined;
}

function nameOf(node: DefinitionNode): string | undefined {
  return 'name' in node ? node.name?.value : undefined;
}
