import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  parse,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { AnswerPath } from './answer-so-far.ts';
import type { SubgraphAnswer } from './guarded-source.ts';
import { canBeOf, isRootType } from './type-names.ts';
import { isJsonObject, type JsonObject } from '../../foundation/json-object.ts';

interface CheckOptions {
  readonly subgraph: string;
  /** Types and fields of the whole supergraph, also those that callers do not see. */
  readonly schema: GraphQLSchema;
  readonly query: string;
  /** Of the query, with what entities of the answer were asked by, one for each. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Those that stand in the answer for numbers that no double has. */
  readonly exactNumbers?: ExactNumbers;
}

export interface CheckedAnswer extends SubgraphAnswer {
  /** Whether it has numbers, or may have within objects, that no double need have. */
  readonly mayLackDigits: boolean;
}

/** More errors about one answer tell a reader nothing new. */
const maximumProblems = 50;

/**
 * Makes a foreign answer safe to merge: the gateway gives up the whole answer to the caller when a list is none or an
 * object is none, and hides values that are of no fitting type. Whatever does not fit becomes null here, with an
 * error at its place. Changes `data` in place, since it was parsed for nobody else.
 */
export function checkAnswer(answer: SubgraphAnswer, options: CheckOptions): CheckedAnswer {
  const { data, errors = [] } = answer;
  if (!data) return { ...answer, mayLackDigits: false };
  const check = new AnswerCheck(options, errors.length > 0);
  check.run(data);
  const { problems, mayLackDigits } = check;
  return { data, errors: [...errors, ...problems], mayLackDigits };
}

class AnswerCheck {
  readonly problems: GraphQLFormattedError[] = [];
  mayLackDigits = false;
  readonly #options: CheckOptions;
  readonly #hasErrors: boolean;
  readonly #selectionSet: SelectionSetNode | undefined;
  readonly #rootType: GraphQLNamedType | undefined;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(options: CheckOptions, hasErrors: boolean) {
    this.#options = options;
    this.#hasErrors = hasErrors;
    const { definitions } = parse(options.query, { noLocation: true });
    const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    this.#selectionSet = operation?.selectionSet;
    this.#rootType = operation && (options.schema.getRootType(operation.operation) ?? undefined);
    this.#fragments = new Map(
      definitions
        .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
  }

  run(data: JsonObject): void {
    if (!isObject(data)) delete data['__typename'];
    const { selections = [] } = this.#selectionSet ?? {};
    for (const field of selections.filter(isOfEntities)) {
      const entities = data[(field.alias ?? field.name).value];
      if (Array.isArray(entities)) this.#checkEntities(entities, field);
    }
    if (this.#selectionSet && !selections.some(isOfEntities))
      this.#checkFields(data, this.#rootType, this.#selectionSet, []);
  }

  /** The supergraph does not know `_entities`; what each of them is, it says itself or was asked as. */
  #checkEntities(entities: unknown[], field: FieldNode): void {
    const { alias, name, selectionSet } = field;
    const key = (alias ?? name).value;
    for (const [index, entity] of entities.entries()) {
      if (entity === null) continue;
      if (isObject(entity) && selectionSet) {
        this.#checkFields(entity, this.#askedType(field, index), selectionSet, [key, index]);
      } else {
        entities[index] = null;
        this.#report([key, index], 'an entity', 'object');
      }
    }
  }

  #askedType(field: FieldNode, index: number): GraphQLNamedType | undefined {
    const { variables = {}, schema } = this.#options;
    const given = field.arguments?.[0]?.value;
    const representations = given?.kind === Kind.VARIABLE ? variables[given.name.value] : undefined;
    const asked: unknown = Array.isArray(representations) ? representations[index] : undefined;
    const { __typename: name } = (asked ?? {}) as { readonly __typename?: unknown };
    return typeof name === 'string' ? schema.getType(name) : undefined;
  }

  /**
   * Fragments are not asked whether they apply: where several select the same response name, GraphQL demands that
   * their types are of one shape. Only for a field that is missing it matters.
   */
  #checkFields(
    object: JsonObject,
    type: GraphQLNamedType | undefined,
    { selections }: SelectionSetNode,
    path: AnswerPath,
    isCertain = true,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        this.#checkField(object, type, selection, path, isCertain);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.#fragments.get(selection.name.value)
          : selection;
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value ?? type?.name;
      const applies = condition === type?.name || condition === object['__typename'];
      const isUnconditional = (selection.directives?.length ?? 0) === 0;
      this.#checkFields(
        object,
        condition === undefined ? undefined : this.#options.schema.getType(condition),
        fragment.selectionSet,
        path,
        isCertain && applies && isUnconditional,
      );
    }
  }

  #checkField(
    object: JsonObject,
    parent: GraphQLNamedType | undefined,
    field: FieldNode,
    path: AnswerPath,
    isCertain: boolean,
  ): void {
    const name = (field.alias ?? field.name).value;
    const definition =
      isObjectType(parent) || isInterfaceType(parent)
        ? parent.getFields()[field.name.value]
        : undefined;
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (definition === undefined) {
      const isName = field.name.value === '__typename' && typeof value === 'string';
      if (!isName || !isObjectType(parent) || value === parent.name) return;
      if (isRootType(parent, this.#options.schema)) object[name] = parent.name;
      return;
    }
    const place = [...path, name];
    const coordinate = `${parent?.name}.${field.name.value}`;
    if (value === undefined) {
      const isMissing = isCertain && (field.directives?.length ?? 0) === 0 && !this.#hasErrors;
      if (isMissing) this.#report(place, coordinate, String(definition.type));
      return;
    }
    const known = { field, coordinate, isCertain };
    object[name] = this.#check(value, definition.type, place, known);
  }

  #check(
    value: unknown,
    type: GraphQLOutputType,
    path: AnswerPath,
    known: { readonly field: FieldNode; readonly coordinate: string; readonly isCertain: boolean },
  ): unknown {
    const { field, coordinate, isCertain } = known;
    if (value === null) {
      if (isNonNullType(type) && !this.#hasErrors) this.#report(path, coordinate, String(type));
      return null;
    }
    const nullable = getNullableType(type);
    if (isListType(nullable) && Array.isArray(value)) {
      return value.map((item: unknown, index) =>
        this.#check(item, nullable.ofType, [...path, index], known),
      );
    }
    if (isCompositeType(nullable) && isObject(value)) {
      const { selectionSet = emptySelection } = field;
      if (canBeOf(nullable, value, selectionSet, this.#options.schema)) {
        this.#checkFields(value, nullable, selectionSet, path, isCertain);
        return value;
      }
    }
    if (!isListType(nullable)) {
      const leafType = getNamedType(nullable);
      const leaf = this.#readLeaf(value, leafType);
      if (isLeafValue(leafType, leaf)) return leaf;
    }
    this.#report(path, coordinate, String(type));
    return null;
  }

  #readLeaf(value: unknown, type: GraphQLNamedType): unknown {
    if (!isScalarType(type)) return value;
    const isOwn = !isSpecifiedScalarType(type);
    if (isOwn || type.name === 'ID')
      this.mayLackDigits ||= typeof value === 'number' || typeof value === 'object';
    if (isOwn) return value;
    const digits = this.#options.exactNumbers?.digitsOf(value);
    // An ID is text: https://spec.graphql.org/September2025/#sec-ID
    if (type.name === 'ID') return digits ?? (Number.isInteger(value) ? String(value) : value);
    return digits === undefined ? value : Number(digits);
  }

  #report(path: AnswerPath, field: string, type: string): void {
    if (this.problems.length >= maximumProblems) return;
    const { subgraph } = this.#options;
    const { message, extensions } = raise('SUBGRAPH_VALUE_INVALID', { subgraph, field, type });
    this.problems.push({ message, path, extensions: { ...extensions } });
  }
}

function isOfEntities(selection: SelectionNode): selection is FieldNode {
  return selection.kind === Kind.FIELD && selection.name.value === '_entities';
}

const emptySelection: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };

/** An object as an answer may hold one: the gateway breaks off at a type name that is no text. */
function isObject(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  return !('__typename' in value) || typeof value['__typename'] === 'string';
}

function isLeafValue(type: GraphQLNamedType, value: unknown): boolean {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined;
  if (!isScalarType(type)) return false;
  switch (type.name) {
    case 'Int':
      return (
        typeof value === 'number' &&
        value === Math.trunc(value) &&
        value >= -(2 ** 31) &&
        value < 2 ** 31
      );
    case 'Float':
      return typeof value === 'number';
    case 'String':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'ID':
      return typeof value === 'string';
    default:
      return true;
  }
}
