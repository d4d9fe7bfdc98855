import type { Entity, OwnedRelation } from '../../mapping/model.ts';
import { figureShapes } from '../derive/figure-kinds.ts';
import { figureNames, namesOf, type FigureKind } from '../derive/names.ts';
import { fieldNamed } from '../question/entity-members.ts';
import type { FieldPath } from '../question/field-path.ts';
import type { FieldMeasureKind } from '../question/measure.ts';
import { collectFields, subSelections, type CollectedField } from './collect-fields.ts';
import type {
  AggregateMember,
  AggregateSelection,
  FigureMember,
  KeyMember,
} from './intermediate-form.ts';
import { readArguments } from './read-arguments.ts';
import type { SelectionReader } from './to-intermediate-form.ts';

/** Reads what is selected of the figures of a group of an entity's rows. */
export function readAggregateSelection(
  field: CollectedField,
  entity: Entity,
  reader: SelectionReader,
): AggregateSelection {
  const typeName = namesOf(entity.name).aggregate;
  const members = collectFields(subSelections(field), new Set([typeName]), reader.scope).map(
    (member): AggregateMember => {
      const { responseKey, name } = member;
      if (name === '__typename') return { kind: 'typename', responseKey, typeName };
      if (name === 'count') return { kind: 'count', responseKey };
      const place: Place = { entity, via: [], reader };
      if (name === 'keys') return { kind: 'keys', responseKey, members: readKeys(member, place) };
      const { kind, make } = figureReader(member, entity, reader);
      return { kind: 'figures', responseKey, members: readFigures(member, place, kind, make) };
    },
  );
  return { entity, members };
}

/** The entity whose fields are read, and the way to it from the rows of the group. */
interface Place {
  readonly entity: Entity;
  readonly via: readonly OwnedRelation[];
  readonly reader: SelectionReader;
}

type MakeFigure = (responseKey: string, of: FieldPath) => FigureMember;

function figureReader(
  field: CollectedField,
  entity: Entity,
  reader: SelectionReader,
): { readonly kind: FigureKind; readonly make: MakeFigure } {
  const { name, nodes } = field;
  const shape = figureShapes.find(({ measures }) =>
    measures.some((measure) => measure.name === name),
  );
  if (shape === undefined) throw new Error(`An aggregate has no field ${name}`);
  const { kind } = shape;
  if (kind === 'Quantiles') {
    const definition = reader.fieldDefinition(namesOf(entity.name).aggregate, name);
    const asked = readArguments(nodes[0], definition);
    const make: MakeFigure = (responseKey, of) => ({
      kind: 'quantiles',
      responseKey,
      of,
      arguments: asked,
    });
    return { kind, make };
  }
  const measure = name as FieldMeasureKind;
  return {
    kind,
    make: (responseKey, of) => ({ kind: 'figure', responseKey, measure: { kind: measure, of } }),
  };
}

function readFigures(
  field: CollectedField,
  { entity, via, reader }: Place,
  kind: FigureKind,
  make: MakeFigure,
): readonly FigureMember[] {
  const typeName = figureNames(entity.name, kind).output;
  return collectFields(subSelections(field), new Set([typeName]), reader.scope).map(
    (member): FigureMember => {
      const { responseKey, name } = member;
      if (name === '__typename') return { kind: 'typename', responseKey, typeName };
      const source = fieldNamed(name, entity);
      if (source !== undefined) return make(responseKey, { via, entity, source });
      const members = readFigures(member, neighbour(name, { entity, via, reader }), kind, make);
      return { kind: 'neighbour', responseKey, members };
    },
  );
}

function readKeys(field: CollectedField, { entity, via, reader }: Place): readonly KeyMember[] {
  const typeName = namesOf(entity.name).aggregateKeys;
  return collectFields(subSelections(field), new Set([typeName]), reader.scope).map(
    (member): KeyMember => {
      const { responseKey, name } = member;
      if (name === '__typename') return { kind: 'typename', responseKey, typeName };
      const source = fieldNamed(name, entity);
      if (source !== undefined) return { kind: 'key', responseKey, path: { via, entity, source } };
      const members = readKeys(member, neighbour(name, { entity, via, reader }));
      return { kind: 'neighbour', responseKey, members };
    },
  );
}

/** What a relation to one leads to. */
function neighbour(name: string, { entity, via, reader }: Place): Place {
  const relation = entity.relations.find((candidate) => candidate.relation.name === name);
  if (relation === undefined) throw new Error(`${entity.name} has nothing named ${name}`);
  return { entity: reader.entity(relation.relation.target), via: [...via, relation], reader };
}
