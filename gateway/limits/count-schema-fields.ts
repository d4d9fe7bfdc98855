import {
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  __Schema,
  __Type,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';

export interface OperationOfSchema {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

/**
 * How many fields `__schema` and `__type` have in the answer to a valid operation, those of all their types together.
 * Conditions are taken to hold. What is asked of one thing by one selection is counted once and used again, so that
 * counting takes no more steps than there are fields; after `most` of them it ends with `Infinity`.
 */
export function countSchemaFields(asked: OperationOfSchema, most: number): number {
  return new SchemaFieldCounter(asked, most).count();
}

const wholes = new WeakMap<GraphQLSchema, number>();

/** The same for what tools ask to know the schema: everything, once. */
export function countWholeSchema(schema: GraphQLSchema): number {
  let whole = wholes.get(schema);
  if (whole === undefined) {
    whole = new SchemaFieldCounter({ ...toolsQuestion, schema }, Number.POSITIVE_INFINITY).count();
    wholes.set(schema, whole);
  }
  return whole;
}

const toolsQuestion = readToolsQuestion();

class SchemaFieldCounter {
  readonly #asked: OperationOfSchema;
  readonly #most: number;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<SelectionSetNode, Map<unknown, number>>();
  #steps = 0;

  constructor(asked: OperationOfSchema, most: number) {
    this.#asked = asked;
    this.#most = most;
    this.#fragments = fragmentsOf(asked.document);
  }

  count(): number {
    const found = this.#ofRoot(this.#asked.operation.selectionSet);
    return this.#steps > this.#most ? Number.POSITIVE_INFINITY : found;
  }

  #ofRoot(selectionSet: SelectionSetNode): number {
    return this.#sum(selectionSet, (field) => {
      const inner = field.selectionSet;
      if (inner === undefined) return 0;
      const { schema } = this.#asked;
      if (field.name.value === SchemaMetaFieldDef.name) return this.#of(inner, __Schema, schema);
      if (field.name.value === TypeMetaFieldDef.name)
        return Math.max(...namedTypes(field, schema).map((type) => this.#of(inner, __Type, type)));
      return 0;
    });
  }

  #sum(selectionSet: SelectionSetNode, ofField: (field: FieldNode) => number): number {
    let found = 0;
    for (const selection of selectionSet.selections) {
      if (this.#steps > this.#most) return found;
      if (selection.kind === Kind.FIELD) found += ofField(selection);
      else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : this.#fragments.get(selection.name.value);
        if (inner !== undefined) found += this.#sum(inner.selectionSet, ofField);
      }
    }
    return found;
  }

  #of(selectionSet: SelectionSetNode, type: GraphQLObjectType, thing: unknown): number {
    if (thing === undefined || thing === null) return 0;
    let known = this.#known.get(selectionSet);
    if (known === undefined) this.#known.set(selectionSet, (known = new Map<unknown, number>()));
    let found = known.get(thing);
    if (found === undefined) {
      found = this.#sum(selectionSet, (field) => this.#ofField(field, type, thing));
      known.set(thing, found);
    }
    return found;
  }

  /** What stands below it is what graphql-js itself finds there. */
  #ofField(node: FieldNode, parent: GraphQLObjectType, thing: unknown): number {
    this.#steps += 1;
    const field = parent.getFields()[node.name.value];
    const type = field === undefined ? undefined : getNamedType(field.type);
    const { selectionSet } = node;
    if (selectionSet === undefined || !isObjectType(type)) return 1;
    const info = { schema: this.#asked.schema } as GraphQLResolveInfo;
    const below: unknown = field?.resolve?.(thing, { includeDeprecated: true }, undefined, info);
    if (!Array.isArray(below)) return 1 + this.#of(selectionSet, type, below);
    let found = 1;
    for (const each of below) found += this.#of(selectionSet, type, each);
    return found;
  }
}

/** Of a name that only the variables tell, the largest types of their kinds. */
function namedTypes(
  { arguments: given = [] }: FieldNode,
  schema: GraphQLSchema,
): readonly (GraphQLNamedType | undefined)[] {
  const name = given.find((argument) => argument.name.value === 'name')?.value;
  return name?.kind === Kind.STRING ? [schema.getType(name.value)] : largestTypes(schema);
}

const largest = new WeakMap<GraphQLSchema, readonly GraphQLNamedType[]>();

function largestTypes(schema: GraphQLSchema): readonly GraphQLNamedType[] {
  const known = largest.get(schema);
  if (known !== undefined) return known;
  const kinds = [isObjectType, isInterfaceType, isInputObjectType, isEnumType, isUnionType];
  const types = Object.values(schema.getTypeMap()).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const found = kinds.flatMap((isOfKind) => types.find((type) => isOfKind(type)) ?? []);
  largest.set(schema, found);
  return found;
}

function sizeOf(type: GraphQLNamedType): number {
  if (isEnumType(type)) return type.getValues().length;
  if (isUnionType(type)) return type.getTypes().length;
  if (isInputObjectType(type)) return Object.keys(type.getFields()).length;
  if (!isObjectType(type) && !isInterfaceType(type)) return 0;
  const fields = Object.values(type.getFields());
  return fields.reduce((sum, { args }) => sum + args.length, fields.length);
}

function readToolsQuestion(): Omit<OperationOfSchema, 'schema'> {
  const document = parse(
    getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
    { noLocation: true },
  );
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('The question of tools is an operation.');
  return { document, operation };
}
