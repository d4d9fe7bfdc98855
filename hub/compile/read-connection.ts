import type { Entity } from '../../mapping/model.ts';
import { namesOf } from '../derive/names.ts';
import { collectFields, subSelections, type CollectedField } from './collect-fields.ts';
import type {
  ConnectionMember,
  ConnectionSelection,
  EdgeMember,
  PageInfoField,
  PageInfoMember,
} from './intermediate-form.ts';
import type { SelectionReader } from './to-intermediate-form.ts';

const pageInfoFields: readonly PageInfoField[] = [
  'hasNextPage',
  'hasPreviousPage',
  'startCursor',
  'endCursor',
];

/** Reads what is selected of a page. */
export function readConnection(
  field: CollectedField,
  entity: Entity,
  reader: SelectionReader,
): ConnectionSelection {
  const typeName = namesOf(entity.name).connection;
  return collectFields(subSelections(field), new Set([typeName]), reader.scope).map(
    (member): ConnectionMember => {
      const { responseKey, name } = member;
      switch (name) {
        case '__typename':
          return { kind: 'typename', responseKey, typeName };
        case 'nodes':
          return {
            kind: 'nodes',
            responseKey,
            selection: reader.readEntity(entity, subSelections(member)),
          };
        case 'edges':
          return { kind: 'edges', responseKey, members: readEdges(member, entity, reader) };
        case 'pageInfo':
          return { kind: 'pageInfo', responseKey, members: readPageInfo(member, reader) };
        case 'totalCount':
          return { kind: 'totalCount', responseKey };
        default:
          throw new Error(`A connection has no field ${name}`);
      }
    },
  );
}

function readEdges(
  field: CollectedField,
  entity: Entity,
  reader: SelectionReader,
): readonly EdgeMember[] {
  const typeName = namesOf(entity.name).edge;
  return collectFields(subSelections(field), new Set([typeName]), reader.scope).map(
    (member): EdgeMember => {
      const { responseKey, name } = member;
      if (name === '__typename') return { kind: 'typename', responseKey, typeName };
      if (name === 'cursor' || name === 'rank') return { kind: name, responseKey };
      return {
        kind: 'node',
        responseKey,
        selection: reader.readEntity(entity, subSelections(member)),
      };
    },
  );
}

function readPageInfo(field: CollectedField, reader: SelectionReader): readonly PageInfoMember[] {
  const typeName = 'PageInfo';
  return collectFields(subSelections(field), new Set([typeName]), reader.scope).map(
    ({ responseKey, name }): PageInfoMember => {
      if (name === '__typename') return { kind: 'typename', responseKey, typeName };
      const known = pageInfoFields.find((candidate) => candidate === name);
      if (known === undefined) throw new Error(`PageInfo has no field ${name}`);
      return { kind: known, responseKey };
    },
  );
}
