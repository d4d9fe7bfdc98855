import type { LoggedChange } from '../model/logged-change.ts';
import type { Subscription } from '../world/company.ts';
import type { World } from '../world/world.ts';

/** Changes that a subscriber is to hear of: behind its start, and not its own, unless it asks for those. */
export function wantedChanges(
  { tool, includesOwn, start }: Subscription,
  { identities }: World,
): readonly LoggedChange[] {
  return identities.changes.filter(({ sequence, actor, source }) => {
    const isOwn = actor === tool.owner && source !== 'tributary/veto';
    return sequence > start && (includesOwn || !isOwn);
  });
}
