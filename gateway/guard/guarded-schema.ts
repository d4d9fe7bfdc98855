import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql';
import type { AccessRule } from '../../registry/access-rules.ts';
import { Requirements, type Requirement } from './requirement.ts';

/** Where selections stand. */
export interface Place {
  /** Of which they select. */
  readonly type: GraphQLCompositeType;
  /** What objects can be there, by all fragments around. */
  readonly possible: readonly GraphQLObjectType[];
}

/** A field in its place. */
export interface GuardedField {
  readonly coordinate: string;
  readonly type: GraphQLOutputType;
  readonly requirements: ReadonlySet<Requirement>;
}

/**
 * A schema, and what its fields ask of callers. A rule for a type holds for each field that returns it, and for each
 * field that is selected of it. A field that is selected of an interface asks what it asks of the interface and of each
 * type that the object may have there: nobody learns by way of an interface what a type withholds.
 */
export class GuardedSchema {
  readonly #schema: GraphQLSchema;
  readonly #byCoordinate = new Map<string, readonly Requirement[]>();

  constructor(schema: GraphQLSchema, rules: ReadonlyMap<string, AccessRule>) {
    this.#schema = schema;
    const requirements = new Requirements();
    for (const [coordinate, rule] of rules)
      this.#byCoordinate.set(coordinate, requirements.of(rule));
  }

  /** Undefined for a kind of operation that the schema does not have. */
  rootOf(kind: OperationTypeNode): Place | undefined {
    const type = this.#schema.getRootType(kind);
    return type ? this.#placeOf(type) : undefined;
  }

  /** Of what a field returns; undefined where nothing is selected of it. */
  below({ type }: GuardedField): Place | undefined {
    const named = getNamedType(type);
    return isCompositeType(named) ? this.#placeOf(named) : undefined;
  }

  /** Within a fragment there. */
  within(place: Place, condition: string | undefined): Place {
    const type = condition === undefined ? undefined : this.#schema.getType(condition);
    if (!isCompositeType(type) || type === place.type) return place;
    const inside = new Set(this.#placeOf(type).possible);
    return { type, possible: place.possible.filter((one) => inside.has(one)) };
  }

  /** Undefined for what every type has, such as `__typename`. */
  fieldIn({ type, possible }: Place, name: string): GuardedField | undefined {
    if (isUnionType(type)) return undefined;
    const definition = type.getFields()[name];
    if (definition === undefined) return undefined;
    const requirements = new Set<Requirement>();
    const add = (parent: string, field: GraphQLField<unknown, unknown>): void => {
      const coordinates = [parent, `${parent}.${name}`, getNamedType(field.type).name];
      for (const coordinate of coordinates)
        for (const one of this.#byCoordinate.get(coordinate) ?? []) requirements.add(one);
    };
    add(type.name, definition);
    for (const one of possible) {
      const own = one.getFields()[name];
      if (own !== undefined) add(one.name, own);
    }
    return { coordinate: `${type.name}.${name}`, type: definition.type, requirements };
  }

  #placeOf(type: GraphQLCompositeType): Place {
    if (isObjectType(type)) return { type, possible: [type] };
    return { type, possible: isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [] };
  }
}

/** One text for a fragment in a place; what holds for it there holds wherever the text is the same. */
export function placeKey(fragment: string, { possible }: Place): string {
  return [fragment, ...possible.map(({ name }) => name)].join(' ');
}
