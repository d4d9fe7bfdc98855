import type { GraphQLSchema } from 'graphql';
import type { KeyLookup } from '../../lake/key-lookup.ts';
import { entityKeys, type EntityKey } from '../../mapping/entity-keys.ts';
import type { Entity } from '../../mapping/model.ts';
import { fieldColumn, type Projection } from '../../mapping/projection.ts';
import type { JsonMember } from '../sql/json-page-sql.ts';
import { compileConnectionShaper, type ConnectionShaper } from '../shape/shape-connection.ts';
import { compileEntityShaper, type EntityShaper } from '../shape/shape-entity.ts';
import type { HubSchema } from '../derive/derive-hub.ts';
import type {
  AggregateForm,
  EntitiesForm,
  EntitySelection,
  ListForm,
  LookupForm,
  RootForm,
} from './intermediate-form.ts';
import { jsonMembers } from './json-members.ts';
import { connectionSelection, toRowFetch, type RowFetch } from './row-fetch.ts';
import { lookupBy } from './to-sql.ts';
import { toIntermediateForm, type HubOperation } from './to-intermediate-form.ts';

/** An operation that is ready to run with any values of its variables. */
export interface CompiledOperation {
  readonly roots: readonly CompiledRoot[];
}

export interface CompiledSelection {
  readonly fetch: RowFetch;
  /** How its rows are found, for every key of the entity in the order of `entityKeys`. */
  readonly lookups: readonly KeyedLookup[];
  readonly shape: EntityShaper;
}

export interface KeyedLookup {
  readonly key: EntityKey;
  readonly lookup: KeyLookup;
}

export type CompiledRoot =
  | { readonly kind: 'lookup'; readonly form: LookupForm; readonly selection: CompiledSelection }
  | {
      readonly kind: 'list';
      readonly form: ListForm;
      /** Rows of the page with the columns that its nodes and edges need. */
      readonly fetch: RowFetch;
      readonly shape: ConnectionShaper;
      /** What its nodes are made of, where the lake can write them. */
      readonly json: readonly JsonMember[] | undefined;
    }
  | { readonly kind: 'aggregate'; readonly form: AggregateForm }
  | {
      readonly kind: 'entities';
      readonly form: EntitiesForm;
      readonly selections: ReadonlyMap<string, CompiledSelection>;
    }
  | {
      readonly kind: 'answer';
      readonly form: Extract<RootForm, { readonly kind: 'typename' | 'schema' }>;
    };

export function compileOperation(
  operation: HubOperation,
  hub: HubSchema,
  schema: GraphQLSchema,
  projections: ReadonlyMap<string, Projection>,
): CompiledOperation {
  const form = toIntermediateForm(operation, hub, schema);
  return { roots: form.roots.map((root) => compileRoot(root, projections)) };
}

function compileRoot(form: RootForm, projections: ReadonlyMap<string, Projection>): CompiledRoot {
  switch (form.kind) {
    case 'lookup':
      return { kind: 'lookup', form, selection: compileSelection(form.selection, projections) };
    case 'entities': {
      const selections = [...form.selections].map(
        ([name, selection]) => [name, compileSelection(selection, projections)] as const,
      );
      return { kind: 'entities', form, selections: new Map(selections) };
    }
    case 'list': {
      const fetch = toRowFetch(connectionSelection(form.entity, form.connection), projections);
      const shape = compileConnectionShaper(form.connection, (selection) =>
        compileEntityShaper(selection, fetch),
      );
      return { kind: 'list', form, fetch, shape, json: jsonMembers(form.connection) };
    }
    case 'aggregate':
      return { kind: 'aggregate', form };
    case 'typename':
    case 'schema':
      return { kind: 'answer', form };
  }
}

function compileSelection(
  selection: EntitySelection,
  projections: ReadonlyMap<string, Projection>,
): CompiledSelection {
  const fetch = toRowFetch(selection, projections, keyColumns(selection.entity));
  const { entity } = selection;
  const lookups = entityKeys(entity).map((key) => ({
    key,
    lookup: lookupBy(
      fetch,
      key.map((field) => fieldColumn(entity, field)),
    ),
  }));
  return { fetch, lookups, shape: compileEntityShaper(selection, fetch) };
}

/** Rows that were asked for by keys have to say which of them they are, whichever key was used. */
function keyColumns(entity: Entity): readonly string[] {
  return entityKeys(entity).flatMap((key) => key.map((field) => fieldColumn(entity, field)));
}
