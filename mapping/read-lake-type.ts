import { Kind, type ConstDirectiveNode, type FieldDefinitionNode } from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { isListType, namedTypeOf } from './field-type.ts';
import { checkLakeName } from './lake-name.ts';
import type { ComputedField, LakeType, MappedField, RelatedTable, Relation } from './model.ts';
import { readKeys } from './read-keys.ts';
import { readMatch } from './read-match.ts';
import { readMappedField } from './read-mapped-field.ts';
import type { SchemaContext } from './schema-context.ts';
import {
  findDirective,
  findDirectives,
  locate,
  stringArgument,
  stringListArgument,
  type TypeSource,
} from './schema-source.ts';
import { snakeCase } from './snake-case.ts';

type FieldMapping =
  | { readonly kind: 'mapped'; readonly field: MappedField }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'computed'; readonly computed: ComputedField };

/** Reads one type that carries `@table`. */
export function readLakeType(source: TypeSource, context: SchemaContext): LakeType {
  const { name, location } = source;
  if (findDirective(source, 'interfaceObject') !== undefined) {
    throw raise('MAPPING_INTERFACE_OBJECT', { type: name }, { at: location });
  }
  if (findDirective(source, 'shareable') !== undefined) {
    throw raise(
      'MAPPING_FIELD_SHAREABLE',
      { field: name, domain: context.domain },
      { at: location },
    );
  }
  const keys = readKeys(source);
  const keyFields = new Set(keys.flatMap(({ fields }) => fields));
  const relatedTables = findDirectives(source, 'related').map((node) =>
    readRelatedTable(node, name),
  );
  const mappings = source.fields
    .filter((field) => !isExternal(field, source) || keyFields.has(field.name.value))
    .map((field) => readField(field, name, keyFields, relatedTables, context));
  const fields = mappings.flatMap((mapping) => (mapping.kind === 'mapped' ? [mapping.field] : []));
  const table = findDirective(source, 'table');
  const identity = findDirective(source, 'identity');
  return {
    domain: context.domain,
    name,
    table: checkLakeName(
      (table && stringArgument(table, 'name')) ?? snakeCase(name),
      name,
      location,
    ),
    keys,
    leanFields:
      identity &&
      stringArgument(identity, 'fields')
        ?.split(/[\s,]+/)
        .filter(Boolean),
    match: readMatch(source, fields),
    relatedTables,
    fields,
    relations: mappings.flatMap((mapping) =>
      mapping.kind === 'relation' ? [mapping.relation] : [],
    ),
    computed: mappings.flatMap((mapping) =>
      mapping.kind === 'computed' ? [mapping.computed] : [],
    ),
    location,
  };
}

/** Whether a resolver has to compute the field: it says so, or its value depends on more than a row of the lake. */
export function isComputed(node: FieldDefinitionNode): boolean {
  return (
    findDirective(node, 'computed') !== undefined ||
    findDirective(node, 'requires') !== undefined ||
    (node.arguments ?? []).length > 0
  );
}

/** Whether another domain owns the field; `@external` on the type says so of all its fields. */
export function isExternal(field: FieldDefinitionNode, source: TypeSource): boolean {
  return [field, source].some((node) => findDirective(node, 'external') !== undefined);
}

function readRelatedTable(directive: ConstDirectiveNode, typeName: string): RelatedTable {
  const at = locate(directive);
  return {
    table: checkLakeName(stringArgument(directive, 'table') ?? '', typeName, at),
    columns: stringListArgument(directive, 'columns').map((column) =>
      checkLakeName(column, typeName, at),
    ),
  };
}

function readField(
  node: FieldDefinitionNode,
  typeName: string,
  keyFields: ReadonlySet<string>,
  relatedTables: readonly RelatedTable[],
  context: SchemaContext,
): FieldMapping {
  const name = node.name.value;
  const location = locate(node);
  const coordinate = `${typeName}.${name}`;
  if (isComputed(node)) return { kind: 'computed', computed: { name, location } };
  // Federation lets every subgraph share the fields of a key, so that saying it changes nothing.
  if (findDirective(node, 'shareable') !== undefined && !keyFields.has(name)) {
    throw raise(
      'MAPPING_FIELD_SHAREABLE',
      { field: coordinate, domain: context.domain },
      { at: location },
    );
  }
  const relation = findDirective(node, 'relation');
  if (relation !== undefined) {
    return { kind: 'relation', relation: readRelation(node, relation, coordinate) };
  }
  return { kind: 'mapped', field: readMappedField(node, coordinate, relatedTables, context) };
}

function readRelation(
  node: FieldDefinitionNode,
  directive: ConstDirectiveNode,
  coordinate: string,
): Relation {
  const location = locate(node);
  if (findDirective(node, 'provides') !== undefined) {
    throw raise('MAPPING_PROVIDES', { field: coordinate }, { at: location });
  }
  return {
    name: node.name.value,
    cardinality: isListType(node.type) ? 'many' : 'one',
    target: namedTypeOf(node.type),
    columns: stringListArgument(directive, 'columns').map((column) =>
      checkLakeName(column, coordinate, location),
    ),
    isNonNull: node.type.kind === Kind.NON_NULL_TYPE,
    mayBeMissing: mayColumnsBeMissing(node, coordinate),
    location,
  };
}

/** `@column(default: null)` says it, as it does of a field that is kept in a column; there is nothing else to say. */
function mayColumnsBeMissing(node: FieldDefinitionNode, coordinate: string): boolean {
  const column = findDirective(node, 'column');
  if (column === undefined) return false;
  const at = locate(node);
  const [argument, another] = column.arguments ?? [];
  const isDefault = argument?.name.value === 'default' && argument.value.kind === Kind.NULL;
  if (!isDefault || another !== undefined)
    throw raise('MAPPING_RELATION_COLUMN', { field: coordinate }, { at });
  if (node.type.kind === Kind.NON_NULL_TYPE && !isListType(node.type))
    throw raise('MAPPING_DEFAULT_INVALID', { field: coordinate, value: 'null' }, { at });
  return true;
}
