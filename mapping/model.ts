import type { DocumentNode } from 'graphql';
import type { SourceLocation } from '../foundation/errors/tributary-error.ts';

/**
 * What the domains' schemas say about the lake, as plain data: the product of this room and the only thing that
 * the rooms above it know of a mapping. Every name in it was checked; only such names ever become SQL identifiers.
 */

/** Column types that a mapping may declare, and expressions may cast to. */
export type SqlType =
  | {
      readonly kind:
        | 'VARCHAR'
        | 'INTEGER'
        | 'BIGINT'
        | 'DOUBLE'
        | 'BOOLEAN'
        | 'TIMESTAMPTZ'
        | 'DATE';
    }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'LIST'; readonly of: SqlType };

/** How a stored value is written in JSON; derived from the field's GraphQL type. */
export type WireType =
  | {
      readonly kind: 'id' | 'string' | 'int' | 'float' | 'boolean' | 'bigInt' | 'dateTime' | 'date';
    }
  | { readonly kind: 'decimal'; readonly scale: number }
  | { readonly kind: 'enum'; readonly name: string; readonly values: ReadonlySet<string> }
  | { readonly kind: 'list'; readonly of: WireType; readonly hasNonNullItems: boolean };

/** A validated expression over the columns of one table of the domain and over its related tables. */
export type Expression =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
  | { readonly kind: 'cast'; readonly value: Expression; readonly type: SqlType }
  | {
      readonly kind: 'case';
      readonly subject: Expression;
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | {
      readonly kind: 'call';
      readonly name: 'coalesce' | 'nullif' | 'lower' | 'upper' | 'trim' | 'concat';
      readonly parts: readonly Expression[];
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'aggregate';
      readonly name: 'sum' | 'count' | 'min' | 'max' | 'avg';
      readonly table: string;
      /** Over the related table's columns; undefined for `count(table)`. */
      readonly value: Expression | undefined;
    };

/** A scalar, enum or list field that a domain keeps in its table; key fields are among them. */
export interface MappedField {
  readonly name: string;
  readonly expression: Expression;
  readonly sqlType: SqlType;
  readonly wireType: WireType;
  readonly isNonNull: boolean;
  /** Whether it carries `@inaccessible`: no caller sees it, and no tool hears of it. */
  readonly isInaccessible: boolean;
  /** Stands in for a missing row, a null value and a missing source column. `undefined`: nothing was declared. */
  readonly defaultValue: string | number | boolean | null | undefined;
  readonly location: SourceLocation;
}

/** A field that leads to another entity (or to several) through key columns. */
export interface Relation {
  readonly name: string;
  readonly cardinality: 'one' | 'many';
  /** Name of the type at the other end. */
  readonly target: string;
  /**
   * Columns that hold a key, in the order of the key's fields: for `one` in this type's table and holding the
   * target's key, for `many` in the target's table of the same domain and holding this type's key.
   */
  readonly columns: readonly string[];
  readonly isNonNull: boolean;
  /** Whether the columns are new, and are added where the table lacks them. */
  readonly mayBeMissing: boolean;
  readonly location: SourceLocation;
}

/** A field that `resolvers.ts` computes; it is never in the lake. */
export interface ComputedField {
  readonly name: string;
  readonly location: SourceLocation;
}

/** Another table of the domain whose rows belong to rows of the type's table; only aggregates read it. */
export interface RelatedTable {
  readonly table: string;
  /** Columns of the related table that hold the key of the type. */
  readonly columns: readonly string[];
}

export interface Key {
  /** Names of the key's fields, flat (a nested key is refused for lake-backed types). */
  readonly fields: readonly string[];
  readonly isResolvable: boolean;
}

/** Values of this field that are the same but for how they are written belong to the same entity. */
export interface MatchField {
  readonly field: string;
  /** `email`: without regard to case and surrounding blanks, and of the form of an address; `text`: inner blanks too. */
  readonly as: 'email' | 'text';
}

/** A mutation of an identity, recognised by its name and shape: `createCustomer(input: …): CreateCustomerPayload!`. */
export interface IdentityMutation {
  /** Of the root field. */
  readonly name: string;
  readonly kind: 'create' | 'update' | 'delete' | 'merge';
  readonly entity: string;
  /** Fields of the entity that the input may set; those of the key among them. */
  readonly inputFields: readonly string[];
  /** The field of the payload that holds the entity. */
  readonly payloadField: string;
}

/** One object type of one domain that is backed by a table. */
export interface LakeType {
  readonly domain: string;
  readonly name: string;
  readonly table: string;
  /** In the order in which they are written; the first one of the identity is the entity's primary key. */
  readonly keys: readonly [Key, ...Key[]];
  /** The only fields that the entity's identity may have; set in the domain that says which entities exist. */
  readonly leanFields: readonly string[] | undefined;
  /** The field by which two entities are found to be the same one, as `@match` says. */
  readonly match: MatchField | undefined;
  readonly relatedTables: readonly RelatedTable[];
  readonly fields: readonly MappedField[];
  readonly relations: readonly Relation[];
  readonly computed: readonly ComputedField[];
  readonly location: SourceLocation;
}

/** A root query field that fetches one entity by a key, such as `customer(id:)`. */
export interface Lookup {
  readonly name: string;
  /** The entity that it finds. */
  readonly entity: string;
  /** The type that it is declared to return: the entity, or an interface that only this entity implements. */
  readonly returns: string;
  /** Names of its arguments, which are the fields of the key. */
  readonly arguments: readonly string[];
}

/** A folder under `subgraphs/`: its schema as authored, and its mapping. */
export interface Domain {
  readonly name: string;
  readonly schemaFile: string;
  readonly sdl: string;
  readonly document: DocumentNode;
  readonly types: readonly LakeType[];
  readonly lookups: readonly Lookup[];
  readonly mutations: readonly IdentityMutation[];
  /** `TypeName.fieldName` of every field that needs a resolver in `resolvers.ts`. */
  readonly computedCoordinates: readonly string[];
}

/** An entity of the graph, put together from the domains that hold a part of it. */
export interface Entity {
  readonly name: string;
  /** The part that says which entities exist. */
  readonly identity: LakeType;
  /** All parts: the identity first, then by domain name. */
  readonly parts: readonly LakeType[];
  /** Fields of the primary key, as the identity maps them. */
  readonly keyFields: readonly MappedField[];
  /** Every lake-backed field with its owner; a field that an `@override` moves out of the lake is not among them. */
  readonly fields: readonly OwnedField[];
  readonly relations: readonly OwnedRelation[];
}

export interface OwnedField {
  readonly owner: LakeType;
  readonly field: MappedField;
}

export interface OwnedRelation {
  readonly owner: LakeType;
  readonly relation: Relation;
}

/** Everything that is backed by the lake. */
export interface LakeModel {
  readonly domains: readonly Domain[];
  readonly entities: ReadonlyMap<string, Entity>;
}

/** A table that the lake must have for the mappings to work. */
export interface TableDefinition {
  /** The domain's name. */
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly primaryKey: readonly string[];
  /** Column lists that are looked up by, besides the primary key. */
  readonly indexes: readonly (readonly string[])[];
  /** Whether rows are numbered in `_seq` in the order in which they came; so they are where entities begin to exist. */
  readonly isNumbered: boolean;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly sqlType: SqlType;
  /** True when a mapping declares a default, so that the column may be missing. */
  readonly mayBeMissing: boolean;
  /** False when only expressions read the column, which take it as it is; `sqlType` is then what a new one gets. */
  readonly isTypeDeclared: boolean;
  /** The first field that reads the column, and where it stands; for error messages. */
  readonly field: string;
  readonly location: SourceLocation;
}
