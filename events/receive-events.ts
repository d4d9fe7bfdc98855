import type { Clock } from '../foundation/clock.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { Log } from '../foundation/log.ts';
import type { IdentityWriter, Outcome } from '../ledger/identity-command.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { InboundOutcome } from './event-service.ts';
import { readInboundEvent, type InboundEvent } from './inbound-event.ts';

export const largestBatch = 1_000;

interface ReceiveOptions {
  readonly identities: IdentityWriter;
  readonly model: LakeModel;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes events of another tool over, in the order given: one outcome each, and one that is wrong stops no other. They
 * are handed to the ledger all at once, so that they are written together.
 *
 * @throws EVENT_BATCH_TOO_LARGE
 */
export async function receiveEvents(
  events: readonly unknown[],
  actor: string,
  { identities, model, clock, log }: ReceiveOptions,
): Promise<readonly InboundOutcome[]> {
  if (events.length > largestBatch)
    throw raise('EVENT_BATCH_TOO_LARGE', { count: events.length, limit: largestBatch });
  const now = clock.now();
  return Promise.all(
    events.map(async (json): Promise<InboundOutcome> => {
      const event = readInboundEvent(json, { actor, model, now });
      if (event.kind === 'refused')
        return { id: event.id, status: 'refused', problems: event.problems };
      try {
        return toInboundOutcome(event, await identities.submit(event.command));
      } catch (error) {
        log.error({ err: error, event: event.id, actor }, 'an event of a tool was not taken over');
        const message =
          'The lake did not take the change. Nothing of it was written: send it again.';
        return { id: event.id, status: 'refused', problems: [{ code: 'FAILED', message }] };
      }
    }),
  );
}

function toInboundOutcome(
  { id }: InboundEvent,
  { status, key, keyText, version, problems }: Outcome,
): InboundOutcome {
  return { id, status, key, subject: keyText, version, problems };
}
