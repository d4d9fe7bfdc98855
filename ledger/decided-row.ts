import { dateTimeText } from '../wire/calendar-text.ts';
import type { RowTexts } from './change.ts';
import type { IdentityShape } from './identity-shape.ts';
import type { Moment } from './log-draft.ts';

/** The row of an entity that begins. */
export function newRow(shape: IdentityShape, given: RowTexts, moment: Moment): RowTexts {
  return Object.fromEntries(
    shape.fields.map(({ column, role }) => [
      column,
      stamped(role, moment, true) ?? given[column] ?? null,
    ]),
  );
}

/** The row of an entity that goes on. */
export function updatedRow(shape: IdentityShape, row: RowTexts, moment: Moment): RowTexts {
  return Object.fromEntries(
    shape.fields.map(({ column, role }) => [
      column,
      stamped(role, moment, false) ?? row[column] ?? null,
    ]),
  );
}

export function isSame(a: RowTexts, b: RowTexts): boolean {
  return Object.keys(b).every((column) => (a[column] ?? null) === (b[column] ?? null));
}

function stamped(
  role: IdentityShape['fields'][number]['role'],
  { timeMicros, origin }: Moment,
  isNew: boolean,
): string | undefined {
  const given = origin.occurredAt && BigInt(origin.occurredAt.getTime()) * 1_000n;
  const time = given !== undefined && given < timeMicros ? given : timeMicros;
  switch (role) {
    case 'createdAt':
      return isNew ? dateTimeText(time) : undefined;
    case 'updatedAt':
      return dateTimeText(time);
    case 'createdBy':
      return isNew ? origin.actor : undefined;
    case 'updatedBy':
      return origin.actor;
    case 'key':
    case 'data':
      return undefined;
  }
}
