import {
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { readFieldType } from '../../mapping/field-type.ts';
import type { Entity } from '../../mapping/model.ts';
import type { HubSchema } from '../derive/derive-hub.ts';
import {
  collectFields,
  subSelections,
  type CollectedField,
  type OperationScope,
} from './collect-fields.ts';
import type {
  EntityMember,
  EntitySelection,
  Nullability,
  OperationForm,
  ReferenceMember,
  RelationTarget,
  RootForm,
} from './intermediate-form.ts';
import { readAggregateSelection } from './read-aggregate-selection.ts';
import { readArguments } from './read-arguments.ts';
import { readConnection } from './read-connection.ts';
import { readInput } from './read-input.ts';

export interface HubOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Readonly<Record<string, boolean>>;
}

/** Turns an operation that is valid for the hub's schema into its intermediate form. */
export function toIntermediateForm(
  { operation, fragments, conditions }: HubOperation,
  hub: HubSchema,
  schema: GraphQLSchema,
): OperationForm {
  const reader = new SelectionReader({ fragments, conditions }, hub, schema);
  const fields = collectFields([operation.selectionSet], new Set(['Query']), {
    fragments,
    conditions,
  });
  return { roots: fields.map((field) => readRoot(field, hub, schema, reader)) };
}

function readRoot(
  field: CollectedField,
  hub: HubSchema,
  schema: GraphQLSchema,
  reader: SelectionReader,
): RootForm {
  const { responseKey, name } = field;
  const [node] = field.nodes;
  if (name === '__typename') return { kind: 'typename', responseKey };
  const definition = schema.getQueryType()?.getFields()[name];
  const root = hub.rootFields.get(name);
  if (definition !== undefined && name === '_entities') {
    const representations = readInput(node, definition, 'representations');
    const selections = [...hub.model.entities.values()].map(
      (entity) => [entity.name, reader.readEntity(entity, subSelections(field))] as const,
    );
    return { kind: 'entities', responseKey, representations, selections: new Map(selections) };
  }
  if (definition === undefined || root === undefined)
    return { kind: 'schema', responseKey, nodes: field.nodes };
  const entity = reader.entity(root.kind === 'lookup' ? root.lookup.entity : root.entity);
  if (root.kind !== 'lookup') {
    const asked = {
      responseKey,
      fieldName: name,
      entity,
      arguments: readArguments(node, definition),
    };
    return root.kind === 'list'
      ? { kind: 'list', ...asked, connection: readConnection(field, entity, reader) }
      : { kind: 'aggregate', ...asked, selection: readAggregateSelection(field, entity, reader) };
  }
  return {
    kind: 'lookup',
    responseKey,
    fieldName: name,
    entity,
    key: root.lookup.arguments,
    values: root.lookup.arguments.map((argument) => readInput(node, definition, argument)),
    isNonNull: isNonNullType(definition.type),
    selection: reader.readEntity(entity, subSelections(field)),
  };
}

/** Reads selection sets on entities, down through their relations. */
export class SelectionReader {
  readonly scope: OperationScope;
  readonly #hub: HubSchema;
  readonly #schema: GraphQLSchema;

  constructor(scope: OperationScope, hub: HubSchema, schema: GraphQLSchema) {
    this.scope = scope;
    this.#hub = hub;
    this.#schema = schema;
  }

  entity(name: string): Entity {
    const entity = this.#hub.model.entities.get(name);
    if (entity === undefined) throw new Error(`The hub has no entity ${name}`);
    return entity;
  }

  fieldDefinition(typeName: string, fieldName: string): GraphQLField<unknown, unknown> {
    const definition = this.#objectType(typeName).getFields()[fieldName];
    if (definition === undefined) throw new Error(`The hub has no field ${typeName}.${fieldName}`);
    return definition;
  }

  readEntity(entity: Entity, selectionSets: readonly SelectionSetNode[]): EntitySelection {
    const type = this.#objectType(entity.name);
    const fields = collectFields(selectionSets, typeNamesOf(type, this.#schema), this.scope);
    return { entity, members: fields.map((field) => this.#readMember(field, entity, type)) };
  }

  #readMember(field: CollectedField, entity: Entity, type: GraphQLObjectType): EntityMember {
    const { responseKey, name } = field;
    if (name === '__typename') return { kind: 'typename', responseKey };
    const source = entity.fields.find((candidate) => candidate.field.name === name);
    if (source !== undefined) return { kind: 'field', responseKey, source };
    const found = this.#hub.relationFields.get(`${entity.name}.${name}`);
    if (found === undefined) throw new Error(`The hub cannot answer ${entity.name}.${name}`);
    const definition = this.fieldDefinition(type.name, name);
    const { relation } = found.relation;
    const asked = {
      responseKey,
      source: found.relation,
      arguments: readArguments(field.nodes[0], definition),
    };
    switch (found.kind) {
      case 'rows':
        return {
          kind: 'relation',
          ...asked,
          target: this.#readTarget(field, relation.target),
          nullability: nullabilityOf(definition.type),
        };
      case 'page': {
        const target = this.entity(relation.target);
        const connection = readConnection(field, target, this);
        return { kind: 'relatedPage', ...asked, target, connection };
      }
      case 'aggregate': {
        const target = this.entity(relation.target);
        const selection = readAggregateSelection(field, target, this);
        return { kind: 'relatedAggregate', ...asked, target, selection };
      }
    }
  }

  #readTarget(field: CollectedField, typeName: string): RelationTarget {
    const entity = this.#hub.model.entities.get(typeName);
    if (entity !== undefined) {
      return { kind: 'entity', selection: this.readEntity(entity, subSelections(field)) };
    }
    const type = this.#objectType(typeName);
    const keyFields = Object.values(type.getFields());
    const fields = collectFields(subSelections(field), typeNamesOf(type, this.#schema), this.scope);
    const members = fields.map(({ responseKey, name }): ReferenceMember =>
      name === '__typename'
        ? { kind: 'typename', responseKey }
        : readKeyMember(responseKey, name, keyFields),
    );
    return { kind: 'reference', typeName, members };
  }

  #objectType(name: string): GraphQLObjectType {
    const type = this.#schema.getType(name);
    if (!isObjectType(type)) throw new Error(`The hub's schema has no object type ${name}`);
    return type;
  }
}

/** A reference has nothing but the fields of its key, in the order in which relations hold them. */
function readKeyMember(
  responseKey: string,
  name: string,
  keyFields: readonly GraphQLField<unknown, unknown>[],
): ReferenceMember {
  const position = keyFields.findIndex((field) => field.name === name);
  const type = keyFields[position]?.astNode?.type;
  const wireType = type && readFieldType(type, new Map(), undefined)?.wireType;
  return { kind: 'key', responseKey, position, wireType: wireType ?? { kind: 'id' } };
}

const typeNames = new WeakMap<GraphQLObjectType, ReadonlySet<string>>();

/** A plan has hundreds of fetches of one type, and to look through the whole schema takes longer than the rest. */
function typeNamesOf(type: GraphQLObjectType, schema: GraphQLSchema): ReadonlySet<string> {
  const known = typeNames.get(type) ?? readTypeNames(type, schema);
  typeNames.set(type, known);
  return known;
}

function readTypeNames(type: GraphQLObjectType, schema: GraphQLSchema): ReadonlySet<string> {
  const abstract = Object.values(schema.getTypeMap()).filter(
    (candidate) =>
      (isInterfaceType(candidate) && schema.isSubType(candidate, type)) ||
      ('getTypes' in candidate && candidate.getTypes().includes(type)),
  );
  return new Set([type.name, ...abstract.map(({ name }) => name)]);
}

function nullabilityOf(type: GraphQLOutputType): Nullability {
  const isNonNull = isNonNullType(type);
  const inner = isNonNull ? type.ofType : type;
  return { isNonNull, hasNonNullItems: isListType(inner) && isNonNullType(inner.ofType) };
}
