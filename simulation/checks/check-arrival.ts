import { sql, value } from '../../lake/sql.ts';
import type { TributaryEvent } from '../../receiver/tributary-event.ts';
import type { Customer } from '../actors/subscriber-tool.ts';
import { mustHold } from '../world/broken-rule.ts';
import type { Subscription } from '../world/company.ts';
import type { World } from '../world/world.ts';
import { wantedChanges } from './wanted-changes.ts';

/** What came before an event of a customer was done, when that event arrives. */
export async function checkArrival(
  event: TributaryEvent<Customer>,
  subscription: Subscription,
  world: World,
): Promise<void> {
  const { tool, id } = subscription;
  if (tool.character === 'liar') return;
  if (event.id.startsWith('snapshot:')) return;
  const sequence = Number(event.id);
  const change = world.identities.change(sequence);
  mustHold(
    change !== undefined,
    'An event is sent after its change was committed.',
    () => event.id,
  );
  const missing = wantedChanges(subscription, world)
    .filter((one) => one.key === event.subject && one.sequence < sequence)
    .find((one) => !tool.done.has(String(one.sequence)));
  if (missing === undefined) return;
  const rule = 'Events of one customer come in their order.';
  const isExcused = await wasGivenUp(String(missing.sequence), id, world);
  mustHold(isExcused, rule, () => `${tool.name} gets ${event.id} before ${missing.sequence}`);
}

/** Dead letters, and those that sagas spare it. */
async function wasGivenUp(event: string, subscriber: string, world: World): Promise<boolean> {
  const found = await world.look(() =>
    world.lake
      .read(sql`SELECT 1 FROM events.dead_letter WHERE subscriber = ${value(subscriber)} AND event_id = ${value(event)}
      UNION ALL SELECT 1 FROM events.veto WHERE "sequence" = ${value(BigInt(event))} OR compensation = ${value(BigInt(event))}`),
  );
  return found.rowCount > 0;
}
