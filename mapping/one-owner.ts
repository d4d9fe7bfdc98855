import {
  formatLocation,
  raise,
  type SourceLocation,
} from '../foundation/errors/tributary-error.ts';
import type { LakeType, MappedField } from './model.ts';
import { ownedName } from './owned-name.ts';
import type { Override } from './overrides.ts';

/** A field that a subgraph other than the lake's domains defines on a type; it may clash with a domain's. */
export interface ForeignField {
  readonly coordinate: string;
  readonly owner: string;
  readonly location: SourceLocation;
}

interface Claim {
  readonly owner: string;
  readonly location: SourceLocation;
}

/**
 * Checks that every field of an entity has one owner among the domains and the other subgraphs, unless an
 * `@override` says who takes it from whom. The error offers to name the two facts apart.
 *
 * @param parts the identity first
 */
export function checkOneOwner(
  parts: readonly LakeType[],
  keyFields: readonly MappedField[],
  overrides: readonly Override[],
  foreignFields: readonly ForeignField[],
): void {
  const type = parts[0]?.name ?? '';
  const owners = new Map<string, Claim>();
  for (const part of parts) {
    for (const { name, location } of [...part.fields, ...part.relations, ...part.computed]) {
      if (keyFields.some((key) => key.name === name) || isCopyOfKey(part, name, parts)) continue;
      claim(name, { owner: part.domain, location });
    }
  }
  for (const { coordinate, owner, location } of foreignFields) {
    const [typeName, name = ''] = coordinate.split('.');
    if (typeName === type && owners.has(name)) claim(name, { owner, location });
  }

  function claim(field: string, second: Claim): void {
    const first = owners.get(field);
    owners.set(field, second);
    if (first === undefined) return;
    const isSettled = overrides.some(
      ({ coordinate, by, from }) =>
        coordinate === `${type}.${field}` &&
        [by, from].includes(first.owner) &&
        [by, from].includes(second.owner),
    );
    if (isSettled) return;
    throw raise(
      'FIELD_HAS_TWO_OWNERS',
      {
        type,
        field,
        first: first.owner,
        firstPlace: formatLocation(first.location),
        second: second.owner,
        secondPlace: formatLocation(second.location),
        firstName: ownedName(first.owner, field),
        secondName: ownedName(second.owner, field),
      },
      { at: second.location },
    );
  }
}

/**
 * Whether a field is one of a key and so is the same field of a part before this one: it is there to find the entity
 * by, and belongs to the first part that has it.
 */
export function isCopyOfKey(part: LakeType, name: string, parts: readonly LakeType[]): boolean {
  const isInKey = ({ keys }: LakeType): boolean => keys.some(({ fields }) => fields.includes(name));
  return isInKey(part) && parts.slice(0, parts.indexOf(part)).some(isInKey);
}
