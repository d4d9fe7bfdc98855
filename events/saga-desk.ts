import type { Clock } from '../foundation/clock.ts';
import type { Change, ChangeFeed } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { Deliveries } from './deliveries.ts';
import type { Answered, Saga } from './event-service.ts';
import { isWanted } from './is-wanted.ts';
import type { Sagas } from './sagas.ts';
import type { SubscriberRecord } from './subscriber-record.ts';
import { refused } from './subscribers.ts';
import type { VetoRecord } from './veto-store.ts';

interface SagaDeskOptions {
  readonly feed: ChangeFeed;
  readonly model: () => LakeModel;
  readonly clock: Clock;
  readonly deliveries: Deliveries;
  readonly sagas: Sagas;
}

/** What callers ask about changes that may be refused, and how they refuse one that they had accepted at first. */
export class SagaDesk {
  readonly #options: SagaDeskOptions;

  constructor(options: SagaDeskOptions) {
    this.#options = options;
  }

  /** Undefined when there is no such event, or none that anybody may veto. */
  async find(eventId: string): Promise<Saga | undefined> {
    const change = await this.#findChange(eventId);
    return change && this.#sagaOf(change);
  }

  async veto(
    input: { readonly event: string; readonly subscriber: string; readonly reason: string },
    actor: string,
  ): Promise<Answered<Saga>> {
    const change = await this.#findChange(input.event);
    if (change === undefined)
      return refuse('event', `There is no event "${input.event}" that could be refused.`);
    const subscriber = this.#options.deliveries.find(input.subscriber)?.record;
    if (subscriber === undefined)
      return refuse('subscriber', `There is no subscriber "${input.subscriber}".`);
    const problem = this.#problemOf(subscriber, change, actor);
    if (problem !== undefined) return refuse('subscriber', problem, 'INVALID');
    await this.#options.sagas.veto(change, subscriber, input.reason.slice(0, 1_000));
    const saga = this.#sagaOf(change);
    return saga === undefined
      ? refuse('event', 'The event is not known any more.')
      : { value: saga, problems: [] };
  }

  #problemOf(subscriber: SubscriberRecord, change: Change, actor: string): string | undefined {
    const { name, owner, mayVeto } = subscriber;
    if (owner !== actor) return `Only ${owner} may refuse events for "${name}".`;
    if (!mayVeto) return `"${name}" was not made to refuse events. Let it, with mayVeto.`;
    if (isWanted(change, subscriber, this.#options.model())) return undefined;
    return `"${name}" does not get this event, so it cannot refuse it.`;
  }

  /** A change that takes another one back is final. */
  async #findChange(eventId: string): Promise<Change | undefined> {
    if (!/^[1-9]\d{0,15}$/.test(eventId)) return undefined;
    const change = await this.#options.feed.find(Number(eventId));
    return change === undefined || change.version === null || change.reverses !== null
      ? undefined
      : change;
  }

  #sagaOf(change: Change): Saga | undefined {
    const { deliveries, sagas, model, clock } = this.#options;
    const vetoes = sagas.vetoesOf(change.sequence);
    const windowsMs = deliveries.all.flatMap(({ record }) =>
      record.mayVeto && isWanted(change, record, model()) ? [record.vetoWindowMs] : [],
    );
    if (vetoes.length === 0 && windowsMs.length === 0) return undefined;
    const deadline =
      windowsMs.length === 0 ? null : new Date(change.time.getTime() + Math.max(...windowsMs));
    const compensated = vetoes.find(({ outcome }) => outcome === 'COMPENSATED');
    const told = compensated ?? vetoes[0];
    const isOpen = deadline !== null && clock.now().getTime() <= deadline.getTime();
    return {
      event: String(change.sequence),
      state: told === undefined ? (isOpen ? 'PENDING' : 'CONFIRMED') : stateOf(told),
      deadline,
      vetoedBy: told?.subscriberName ?? null,
      reason: told?.reason ?? null,
      compensation: told?.compensation == null ? null : String(told.compensation),
      appliedBy: told?.appliedBy ?? this.#appliedBy(change),
    };
  }

  #appliedBy(change: Change): readonly string[] {
    return this.#options.deliveries
      .standings(change)
      .flatMap(({ name, knows }) => (knows === 'accepted' ? [name] : []));
  }
}

function stateOf({ outcome }: VetoRecord): Saga['state'] {
  switch (outcome) {
    case 'PENDING':
      return 'PENDING';
    case 'COMPENSATED':
      return 'COMPENSATED';
    case 'TOO_LATE':
      return 'VETO_TOO_LATE';
  }
}

function refuse(
  field: string,
  message: string,
  code: 'NOT_FOUND' | 'INVALID' = 'NOT_FOUND',
): Answered<never> {
  return refused([{ code, message, field }]);
}
