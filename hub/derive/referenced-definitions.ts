import {
  Kind,
  print,
  visit,
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ScalarTypeDefinitionNode,
} from 'graphql';
import type { LakeModel } from '../../mapping/model.ts';
import { stubKey } from '../../mapping/build-lake-model.ts';
import { collectTypes } from '../../mapping/schema-source.ts';
import { carriedDirectives } from './carried-directives.ts';
import { copyInterface } from './interfaces.ts';
import { keyDirective } from './key-directive.ts';

type Referenced =
  | EnumTypeDefinitionNode
  | InterfaceTypeDefinitionNode
  | ObjectTypeDefinitionNode
  | ScalarTypeDefinitionNode;

/** The hub's copies of the enums, scalars, interfaces and mere references that its own types name. */
export function referencedDefinitions(
  own: readonly DefinitionNode[],
  model: LakeModel,
): readonly DefinitionNode[] {
  const defined = new Set(own.map(nameOf));
  const found = new Map<string, Referenced>();
  let pending: readonly DefinitionNode[] = own;
  while (pending.length > 0) {
    const names = [...namedTypes(pending)].filter((name) => !defined.has(name));
    pending = names.flatMap((name) => copyDefinition(name, model));
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

function copyDefinition(name: string, model: LakeModel): readonly Referenced[] {
  const nodes = model.domains.flatMap(({ document }) =>
    document.definitions.filter((node) => nameOf(node) === name),
  );
  const enums = nodes.filter(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION,
  );
  const [firstEnum] = enums.filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION);
  if (firstEnum !== undefined)
    return [
      mergeEnum(
        firstEnum,
        enums.flatMap(({ values }) => values ?? []),
      ),
    ];
  const scalar = nodes.find((node) => node.kind === Kind.SCALAR_TYPE_DEFINITION);
  if (scalar !== undefined)
    return [{ ...scalar, directives: carriedDirectives(scalar.directives) }];
  const face = copyInterface(name, model);
  if (face !== undefined) return [face];
  return copyReference(name, model);
}

/** Values of all domains' copies in one enum, so that the hub may answer with any of them. */
function mergeEnum(
  node: EnumTypeDefinitionNode,
  values: readonly EnumValueDefinitionNode[],
): EnumTypeDefinitionNode {
  const byName = new Map<string, EnumValueDefinitionNode>();
  for (const value of values) {
    const known = byName.get(value.name.value);
    const directives = carriedDirectives([
      ...(known?.directives ?? []),
      ...(value.directives ?? []),
    ]);
    const unique = new Map(directives.map((directive) => [print(directive), directive]));
    byName.set(value.name.value, { ...value, ...known, directives: [...unique.values()] });
  }
  return { ...node, directives: carriedDirectives(node.directives), values: [...byName.values()] };
}

/** A type outside the lake, of which the hub knows the key alone. */
function copyReference(name: string, model: LakeModel): readonly ObjectTypeDefinitionNode[] {
  for (const domain of model.domains) {
    const key = stubKey(domain.name, name, model.domains);
    const type = collectTypes(domain.document).get(name);
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
