import { createHash } from 'node:crypto';
import type { IdentityCommand } from './identity-command.ts';

/** Each is kept for a week, so a key may not be a way to fill the disk. */
export const longestRequestKey = 4_096;

export function isTooLong({ idempotencyKey }: IdentityCommand): boolean {
  return idempotencyKey !== undefined && idempotencyKey.length > longestRequestKey;
}

/**
 * Under this, the outcome of a command is remembered; undefined where its sender gave no key. The key is escaped as in
 * JSON: half a character would come back from the lake as another one, so that no such request were found again.
 */
export function requestId({ idempotencyKey, origin }: IdentityCommand): string | undefined {
  return idempotencyKey === undefined || idempotencyKey === ''
    ? undefined
    : `${origin.actor}\n${JSON.stringify(idempotencyKey)}`;
}

/** What two commands have in common that ask for the same; who asks, and when, is no part of it. */
export function fingerprintOf(command: IdentityCommand): string {
  // What another tool did is the same thing, whenever we heard of it: some events bear no time.
  const wish = { ...command, origin: undefined, idempotencyKey: undefined, stamp: undefined };
  return createHash('sha256').update(canonical(wish)).digest('base64url');
}

function canonical(wish: unknown): string {
  return JSON.stringify(wish, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
