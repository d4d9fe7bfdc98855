import { fieldColumn } from '../../mapping/projection.ts';
import type { JsonMember } from '../sql/json-page-sql.ts';
import type { ConnectionSelection, EntityMember, EntitySelection } from './intermediate-form.ts';

/**
 * What the nodes of a page are made of, where they are nothing but fields of their own row, so that the lake can write
 * them as JSON. Undefined where anything else is selected of the rows.
 */
export function jsonMembers(connection: ConnectionSelection): readonly JsonMember[] | undefined {
  const [nodes, ...others] = connection.filter(({ kind }) => kind === 'nodes' || kind === 'edges');
  if (nodes?.kind !== 'nodes' || others.length > 0) return undefined;
  const { selection } = nodes;
  if (selection.members.length === 0) return undefined;
  const members = selection.members.map((member) => jsonMember(member, selection));
  return members.every((member) => member !== undefined) ? members : undefined;
}

function jsonMember(member: EntityMember, { entity }: EntitySelection): JsonMember | undefined {
  const { responseKey } = member;
  switch (member.kind) {
    case 'typename':
      return { kind: 'typename', responseKey, typeName: entity.name };
    case 'field': {
      const { field } = member.source;
      return { kind: 'field', responseKey, column: fieldColumn(entity, field.name), field };
    }
    default:
      return undefined;
  }
}
