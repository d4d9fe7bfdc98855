import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { fragmentsOf } from '../../../hub/compile/collect-fields.ts';
import { ArgumentReader } from './argument-value.ts';
import {
  collectGroups,
  type CollectScope,
  type ConditionalSet,
  type Group,
} from './collect-groups.ts';
import type { CostDirectives } from './cost-directives.ts';
import { expectedItems } from './expected-items.ts';
import {
  greatest,
  onlyIf,
  product,
  sum,
  valueOf,
  type Cost,
  type Variables,
} from './expression.ts';
import { argumentsCost } from './input-cost.ts';
import type { KnownListSizes } from './list-sizes.ts';

/** The estimated cost of an operation for values of its variables, which need not have been checked. */
export type OperationCost = (variables: Variables) => number;

export interface CostOptions {
  readonly directives: CostDirectives;
  readonly known: KnownListSizes;
  /** Items of a list of which nothing is known. */
  readonly assumedListSize: number;
}

interface OperationToPrice {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

const objectWeight = 1;
const mutationWeight = 10;

/** Groups of fields that are looked at; an operation within its other limits has far fewer. */
const mostGroups = 50_000;

/**
 * Compiles an operation into a function that tells its cost. A field costs its weight, that of its type, or 1 where it
 * is an object and 0 where it is a scalar, and what is selected of it; a list that as often as it is expected to have
 * items; a mutation 10 more. Of a type that may be several, the dearest counts.
 *
 * Fragments that multiply are worked out once for each different selection. What cannot be worked out with reason
 * costs `Infinity`.
 *
 * @throws LIST_SIZE_NOT_GIVEN
 */
export function compileCost(asked: OperationToPrice, options: CostOptions): OperationCost {
  const compiler = new CostCompiler(asked, options);
  const cost = compiler.compile();
  if (compiler.isTooLarge) return () => Number.POSITIVE_INFINITY;
  if (typeof cost === 'number') {
    const whole = Math.ceil(cost);
    return () => whole;
  }
  return (variables) => compiler.evaluate(cost, variables);
}

/** Expected items of the fields of a connection, where the field that leads to it tells them. */
type SizesBelow = ReadonlyMap<string, Cost>;

const noSizes: SizesBelow = new Map();

class CostCompiler {
  readonly #operation: OperationDefinitionNode;
  readonly #schema: GraphQLSchema;
  readonly #options: CostOptions;
  readonly #argumentsOf: ArgumentReader;
  readonly #scope: CollectScope;
  readonly #known = new Map<string, Cost>();
  readonly #ids = new Map<object, number>();
  #groups = 0;
  /** Counts evaluations, so that what several places share is worked out once in each. */
  #evaluation = 0;

  constructor({ document, operation, schema }: OperationToPrice, options: CostOptions) {
    this.#operation = operation;
    this.#schema = schema;
    this.#options = options;
    this.#argumentsOf = new ArgumentReader(operation);
    this.#scope = {
      schema,
      fragments: fragmentsOf(document),
      argumentsOf: this.#argumentsOf,
      conditions: new WeakMap(),
    };
  }

  get isTooLarge(): boolean {
    return this.#groups > mostGroups;
  }

  compile(): Cost {
    const { operation, selectionSet } = this.#operation;
    const root = this.#schema.getRootType(operation);
    return root ? this.#ofObject(root, [{ selectionSet, condition: true }], noSizes) : 0;
  }

  evaluate(cost: Cost, variables: Variables): number {
    this.#evaluation += 1;
    const value = Math.ceil(valueOf(cost, variables));
    // Nothing times a number that is none any more.
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }

  #ofSelection(type: GraphQLNamedType, sets: readonly ConditionalSet[], sizes: SizesBelow): Cost {
    if (isObjectType(type)) return this.#ofObject(type, sets, sizes);
    if (!isAbstractType(type)) return 0;
    const costs = this.#differentTypes(type, sets).map((possible) =>
      this.#ofObject(possible, sets, sizes),
    );
    return greatest(costs);
  }

  /** Of types of which nothing special is known and the same is asked, one is enough. */
  #differentTypes(
    type: GraphQLAbstractType,
    sets: readonly ConditionalSet[],
  ): readonly GraphQLObjectType[] {
    const { directives, known } = this.#options;
    const different = new Map<string, GraphQLObjectType>();
    for (const possible of this.#schema.getPossibleTypes(type)) {
      const { name } = possible;
      const isSpecial = directives.types.has(name) || known.knowsType(name);
      const groups = this.#collect(possible, sets);
      const key = isSpecial ? name : this.#askedOf(groups);
      if (!different.has(key)) different.set(key, possible);
    }
    return [...different.values()];
  }

  #collect(type: GraphQLObjectType, sets: readonly ConditionalSet[]): readonly Group[] {
    return collectGroups(type, sets, this.#scope);
  }

  #ofObject(type: GraphQLObjectType, sets: readonly ConditionalSet[], sizes: SizesBelow): Cost {
    const groups = this.#collect(type, sets);
    const key = this.#keyOf(type, groups, sizes);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#groups += groups.length;
    if (this.isTooLarge) return 0;
    const cost = this.#once(sum(groups.map((group) => this.#ofGroup(type, group, sizes))));
    this.#known.set(key, cost);
    return cost;
  }

  #ofGroup(
    parent: GraphQLObjectType,
    { nodes, condition, selections }: Group,
    sizes: SizesBelow,
  ): Cost {
    const [node] = nodes;
    const name = node.name.value;
    const field = this.#fieldOf(parent, name);
    if (field === undefined) return 0;
    const coordinate = `${parent.name}.${name}`;
    const { directives } = this.#options;
    const type = getNamedType(field.type);
    const items = expectedItems(coordinate, field, node, {
      ...this.#options,
      argumentsOf: this.#argumentsOf,
    });
    const isSized = items !== undefined && !isList(field.type);
    const below = isSized
      ? new Map(items.sizedFields.map((sized) => [sized, items.count] as const))
      : noSizes;
    const weight =
      directives.weights.get(coordinate) ??
      directives.weights.get(type.name) ??
      (isCompositeType(type) ? objectWeight : 0);
    const one = sum([weight, this.#ofSelection(type, selections, below)]);
    const count = sizes.get(name) ?? items?.count ?? this.#options.assumedListSize;
    return onlyIf(
      condition,
      sum([
        product(this.#instancesOf(field.type, count), one),
        argumentsCost(coordinate, field, node, { directives, argumentsOf: this.#argumentsOf }),
        this.#isMutation(parent) ? mutationWeight : 0,
      ]),
    );
  }

  #instancesOf(type: GraphQLOutputType, count: Cost): Cost {
    const levels = listLevels(type);
    if (levels === 0) return 1;
    return product(count, this.#options.assumedListSize ** (levels - 1));
  }

  #isMutation(parent: GraphQLObjectType): boolean {
    return (
      this.#operation.operation === OperationTypeNode.MUTATION &&
      parent === this.#schema.getMutationType()
    );
  }

  #fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    const fields = parent.getFields();
    return Object.hasOwn(fields, name) ? fields[name] : undefined;
  }

  /** Two objects of one type of which the same is asked have the same key. */
  #keyOf(type: GraphQLObjectType, groups: readonly Group[], sizes: SizesBelow): string {
    const sized = [...sizes].map(([name, cost]) =>
      typeof cost === 'number' ? `${name}=${cost}` : `${name}#${this.#idOf(cost)}`,
    );
    return `${type.name} ${this.#askedOf(groups)} ${sized.join()}`;
  }

  #askedOf(groups: readonly Group[]): string {
    const nodes = groups.flatMap((group) => group.nodes.map((node) => this.#idOf(node)));
    const conditions = groups
      .flatMap((group) => [group, ...group.selections])
      .map(({ condition }) => (typeof condition === 'boolean' ? '' : this.#idOf(condition)));
    return `${nodes.join()} ${conditions.join()}`;
  }

  #idOf(thing: FieldNode | Exclude<Cost, number> | Exclude<Group['condition'], boolean>): number {
    const id = this.#ids.get(thing) ?? this.#ids.size;
    this.#ids.set(thing, id);
    return id;
  }

  #once(cost: Cost): Cost {
    if (typeof cost === 'number') return cost;
    let evaluation = 0;
    let value = 0;
    return (variables) => {
      if (evaluation !== this.#evaluation) {
        value = cost(variables);
        evaluation = this.#evaluation;
      }
      return value;
    };
  }
}

function isList(type: GraphQLOutputType): boolean {
  return listLevels(type) > 0;
}

function listLevels(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listLevels(type.ofType);
  return isListType(type) ? 1 + listLevels(type.ofType) : 0;
}
