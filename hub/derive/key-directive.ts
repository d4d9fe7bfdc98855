import { Kind, type ConstDirectiveNode } from 'graphql';
import type { EntityKey } from '../../mapping/entity-keys.ts';

export function keyDirective(key: EntityKey): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'key' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'fields' },
        value: { kind: Kind.STRING, value: key.join(' ') },
      },
    ],
  };
}
