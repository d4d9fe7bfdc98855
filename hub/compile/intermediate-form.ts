import type { FieldNode, GraphQLInputType, ValueNode } from 'graphql';
import type { ArgumentsForm } from './read-arguments.ts';
import type { EntityKey } from '../../mapping/entity-keys.ts';
import type { FieldPath } from '../question/field-path.ts';
import type { FieldMeasureKind, Measure } from '../question/measure.ts';
import type { Entity, OwnedField, OwnedRelation, WireType } from '../../mapping/model.ts';

/**
 * What a fetch asks of the lake, free of GraphQL's spelling: fragments are spread, fields merged, conditions decided,
 * types known. Made from an operation by `to-intermediate-form.ts`, turned into SQL by `to-sql.ts`.
 */
export interface OperationForm {
  readonly roots: readonly RootForm[];
}

export type RootForm =
  | LookupForm
  | ListForm
  | AggregateForm
  | EntitiesForm
  | { readonly kind: 'typename'; readonly responseKey: string }
  /** `_service`, `__schema` and `__type`: answered from the schema, without the lake. */
  | { readonly kind: 'schema'; readonly responseKey: string; readonly nodes: readonly FieldNode[] };

/** One entity by key. */
export interface LookupForm {
  readonly kind: 'lookup';
  readonly responseKey: string;
  readonly fieldName: string;
  readonly entity: Entity;
  readonly key: EntityKey;
  /** In the order of the key's fields. */
  readonly values: readonly InputForm[];
  readonly isNonNull: boolean;
  readonly selection: EntitySelection;
}

/** A page of the entities of a kind. */
export interface ListForm {
  readonly kind: 'list';
  readonly responseKey: string;
  readonly fieldName: string;
  readonly entity: Entity;
  readonly arguments: ArgumentsForm;
  readonly connection: ConnectionSelection;
}

/** Figures of groups of the entities of a kind. */
export interface AggregateForm {
  readonly kind: 'aggregate';
  readonly responseKey: string;
  readonly fieldName: string;
  readonly entity: Entity;
  readonly arguments: ArgumentsForm;
  readonly selection: AggregateSelection;
}

/** Federation's `_entities`: a selection for each type that a representation may have. */
export interface EntitiesForm {
  readonly kind: 'entities';
  readonly responseKey: string;
  readonly representations: InputForm;
  readonly selections: ReadonlyMap<string, EntitySelection>;
}

/** An argument that has to have a value. A variable with a default may stand there, and be null in spite of it. */
export interface NonNullPlace {
  readonly argument: string;
  /** As SDL writes it. */
  readonly type: string;
}

/** A value that is written in the operation, or comes with each request, or is written around what comes. */
export type InputForm =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'variable'; readonly name: string; readonly place: NonNullPlace | undefined }
  | { readonly kind: 'composite'; readonly node: ValueNode; readonly type: GraphQLInputType };

export interface EntitySelection {
  readonly entity: Entity;
  readonly members: readonly EntityMember[];
}

export type EntityMember =
  | { readonly kind: 'typename'; readonly responseKey: string }
  | { readonly kind: 'field'; readonly responseKey: string; readonly source: OwnedField }
  | {
      readonly kind: 'relation';
      readonly responseKey: string;
      readonly source: OwnedRelation;
      readonly arguments: ArgumentsForm;
      readonly target: RelationTarget;
      readonly nullability: Nullability;
    }
  /** A page of the rows at the other end of a relation. */
  | {
      readonly kind: 'relatedPage';
      readonly responseKey: string;
      readonly source: OwnedRelation;
      readonly arguments: ArgumentsForm;
      readonly target: Entity;
      readonly connection: ConnectionSelection;
    }
  /** Figures of the rows at the other end of a relation. */
  | {
      readonly kind: 'relatedAggregate';
      readonly responseKey: string;
      readonly source: OwnedRelation;
      readonly arguments: ArgumentsForm;
      readonly target: Entity;
      readonly selection: AggregateSelection;
    };

export type RelationTarget =
  | { readonly kind: 'entity'; readonly selection: EntitySelection }
  /** An entity outside the lake: all that is known of it is its key. */
  | {
      readonly kind: 'reference';
      readonly typeName: string;
      readonly members: readonly ReferenceMember[];
    };

export type ReferenceMember =
  | { readonly kind: 'typename'; readonly responseKey: string }
  | {
      readonly kind: 'key';
      readonly responseKey: string;
      /** Counts in the columns of the relation. */
      readonly position: number;
      readonly wireType: WireType;
    };

export interface Nullability {
  readonly isNonNull: boolean;
  readonly hasNonNullItems: boolean;
}

export type ConnectionSelection = readonly ConnectionMember[];

export type ConnectionMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | { readonly kind: 'nodes'; readonly responseKey: string; readonly selection: EntitySelection }
  | {
      readonly kind: 'edges';
      readonly responseKey: string;
      readonly members: readonly EdgeMember[];
    }
  | {
      readonly kind: 'pageInfo';
      readonly responseKey: string;
      readonly members: readonly PageInfoMember[];
    }
  | { readonly kind: 'totalCount'; readonly responseKey: string };

export type EdgeMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | { readonly kind: 'cursor' | 'rank'; readonly responseKey: string }
  | { readonly kind: 'node'; readonly responseKey: string; readonly selection: EntitySelection };

export type PageInfoField = 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor';

export type PageInfoMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | { readonly kind: PageInfoField; readonly responseKey: string };

/** What is selected of the figures of a group. */
export interface AggregateSelection {
  readonly entity: Entity;
  readonly members: readonly AggregateMember[];
}

export type AggregateMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | { readonly kind: 'count'; readonly responseKey: string }
  | {
      readonly kind: 'figures';
      readonly responseKey: string;
      readonly members: readonly FigureMember[];
    }
  | { readonly kind: 'keys'; readonly responseKey: string; readonly members: readonly KeyMember[] };

export type FigureMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | { readonly kind: 'figure'; readonly responseKey: string; readonly measure: FieldMeasure }
  | {
      readonly kind: 'quantiles';
      readonly responseKey: string;
      readonly of: FieldPath;
      /** Those of the field `quantiles`, whose `at` says which. */
      readonly arguments: ArgumentsForm;
    }
  | {
      readonly kind: 'neighbour';
      readonly responseKey: string;
      readonly members: readonly FigureMember[];
    };

export type FieldMeasure = Extract<Measure, { readonly kind: FieldMeasureKind }>;

export type KeyMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | { readonly kind: 'key'; readonly responseKey: string; readonly path: FieldPath }
  | {
      readonly kind: 'neighbour';
      readonly responseKey: string;
      readonly members: readonly KeyMember[];
    };
