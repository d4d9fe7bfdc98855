import { Kind, isTypeDefinitionNode, isTypeExtensionNode, type DefinitionNode } from 'graphql';
import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { AuthoredSchema } from '../mapping/overrides.ts';
import { locate } from '../mapping/schema-source.ts';
import type { EventEntity } from './event-entities.ts';
import { versionField } from './names.ts';

/** A type, or a root field as `Query.customers`, that another derived part of the graph has. */
export interface DerivedName {
  readonly name: string;
  /** The entity that it is derived from. */
  readonly entity?: string | undefined;
}

interface CheckOptions {
  readonly model: LakeModel;
  readonly schemas: readonly AuthoredSchema[];
  readonly derived: readonly DerivedName[];
  readonly own: readonly DefinitionNode[];
  readonly entities: readonly EventEntity[];
}

const rootTypes: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Scalars that others may have as well. */
const sharedScalars: ReadonlySet<string> = new Set(['DateTime', 'JSON']);

/**
 * Refuses what somebody wrote, or the hub derives, under a name that the subgraph needs for itself.
 * @throws MOTION_NAME_RESERVED
 */
export function checkLedgerNames({ model, schemas, derived, own, entities }: CheckOptions): void {
  const reserved = reservedNames(own, entities);
  for (const { name, entity } of derived) {
    const origin = entity === undefined ? undefined : model.entities.get(entity);
    refuse(name, reserved, () => origin?.identity.location);
  }
  for (const node of schemas.flatMap(({ document }) => document.definitions)) {
    if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
    const type = node.name.value;
    refuse(type, reserved, () => locate(node));
    if (sharedScalars.has(type) && node.kind !== Kind.SCALAR_TYPE_DEFINITION) {
      throw raise('MOTION_NAME_RESERVED', { name: type }, { at: locate(node) });
    }
    const fields = 'fields' in node ? (node.fields ?? []) : [];
    for (const field of fields) {
      refuse(`${type}.${field.name.value}`, reserved, () => locate(field));
    }
  }
}

function refuse(
  name: string,
  reserved: ReadonlySet<string>,
  at: () => SourceLocation | undefined,
): void {
  if (reserved.has(name)) throw raise('MOTION_NAME_RESERVED', { name }, { at: at() });
}

function reservedNames(
  own: readonly DefinitionNode[],
  entities: readonly EventEntity[],
): ReadonlySet<string> {
  const entityNames = new Set(entities.map(({ name }) => name));
  const names = own.flatMap((node): readonly string[] => {
    if (!isTypeDefinitionNode(node) || entityNames.has(node.name.value)) return [];
    const type = node.name.value;
    if (!rootTypes.has(type)) return [type];
    const fields = node.kind === Kind.OBJECT_TYPE_DEFINITION ? (node.fields ?? []) : [];
    return fields.map((field) => `${type}.${field.name.value}`);
  });
  return new Set([...names, ...entities.map(({ name }) => `${name}.${versionField}`)]);
}
