import type { Clock } from '../foundation/clock.ts';
import type { ChangeFeed } from '../ledger/change.ts';
import type { Problem } from '../ledger/identity-command.ts';
import type { LakeModel } from '../mapping/model.ts';
import { checkSubscriber } from './check-subscriber.ts';
import type { Deliveries } from './deliveries.ts';
import type { Dispatcher } from './dispatcher.ts';
import { readCursor, writeCursor } from './event-cursor.ts';
import type { Answered, NewSubscriber, Subscriber, SubscriberMetrics } from './event-service.ts';
import type { EventSettings } from './event-settings.ts';
import type { Sagas } from './sagas.ts';
import { choicesOf, type SubscriberRecord } from './subscriber-record.ts';
import {
  deleteSubscriber,
  insertSubscriber,
  updateChoices,
  type EventLake,
} from './subscriber-store.ts';
import { secretText } from './webhook-secret.ts';

interface SubscribersOptions {
  readonly lake: EventLake;
  readonly feed: ChangeFeed;
  readonly model: () => LakeModel;
  readonly clock: Clock;
  readonly settings: EventSettings;
  readonly deliveries: Deliveries;
  readonly sagas: Sagas;
  readonly newId: () => string;
  /** 24 to 64 random bytes. */
  readonly newSecret: () => Uint8Array;
}

type OfSubscriber = Answered<{ readonly subscriber: Subscriber }>;

/** What callers do with subscribers. What they say of them comes from memory, and is written down before it is told. */
export class Subscribers {
  readonly #options: SubscribersOptions;
  /** Of subscribers that are being made. */
  readonly #newNames = new Set<string>();

  constructor(options: SubscribersOptions) {
    this.#options = options;
  }

  all(): readonly Subscriber[] {
    return this.#options.deliveries.all.map(toSubscriber);
  }

  find(id: string): Subscriber | undefined {
    const dispatcher = this.#options.deliveries.find(id);
    return dispatcher && toSubscriber(dispatcher);
  }

  metrics(): readonly SubscriberMetrics[] {
    return this.#options.deliveries.all.map(({ record, counts, backlog }) => ({
      id: record.id,
      name: record.name,
      state: record.progress.state,
      ...counts,
      backlog: backlog.size,
      lagSeconds: backlog.lagSeconds,
    }));
  }

  async create(
    input: NewSubscriber,
    owner: string,
  ): Promise<Answered<{ readonly subscriber: Subscriber; readonly secret: string }>> {
    const { lake, feed, clock, settings, deliveries, sagas, newId, newSecret } = this.#options;
    const problems = this.#check({ ...input, name: input.name ?? '', url: input.url ?? '' });
    if (deliveries.all.length >= settings.maxSubscribers)
      problems.push({
        code: 'INVALID',
        message: `There are ${settings.maxSubscribers} subscribers, and no more can be made.`,
      });
    if (problems.length > 0) return refused(problems);
    const position = feed.head;
    const record: SubscriberRecord = {
      ...choicesOf(input, { ...unlimited, vetoWindowMs: settings.vetoWindowMs }),
      id: newId(),
      owner,
      secret: secretText(newSecret()),
      createdAt: clock.now(),
      progress: {
        state: 'ACTIVE',
        position,
        snapshotPosition: input.withSnapshot === true ? position : null,
        snapshotCursor: null,
        lastDeliveryAt: null,
        lastError: null,
        failingSince: null,
      },
    };
    this.#newNames.add(record.name);
    await insertSubscriber(lake, record).finally(() => this.#newNames.delete(record.name));
    const dispatcher = deliveries.add(record, true, sagas);
    const value = { subscriber: toSubscriber(dispatcher), secret: record.secret };
    return { value, problems: [] };
  }

  async update(id: string, input: Partial<NewSubscriber>): Promise<OfSubscriber> {
    const dispatcher = this.#options.deliveries.find(id);
    if (dispatcher === undefined) return notFound(id);
    const problems = this.#check(input, id);
    if (input.withSnapshot === true)
      problems.push({
        code: 'INVALID',
        message: 'A snapshot is given to a new subscriber alone. Make another one.',
        field: 'withSnapshot',
      });
    if (problems.length > 0) return refused(problems);
    const record = { ...dispatcher.record, ...choicesOf(input, dispatcher.record) };
    await updateChoices(this.#options.lake, record);
    dispatcher.choose(choicesOf({}, record));
    return { value: { subscriber: toSubscriber(dispatcher) }, problems: [] };
  }

  async delete(id: string): Promise<Answered<{ readonly id: string }>> {
    const { deliveries, lake } = this.#options;
    if (deliveries.find(id) === undefined) return notFound(id);
    await deleteSubscriber(lake, id);
    deliveries.remove(id);
    return { value: { id }, problems: [] };
  }

  pause(id: string): Promise<OfSubscriber> {
    return this.#change(id, (dispatcher) => dispatcher.pause());
  }

  resume(id: string): Promise<OfSubscriber> {
    return this.#change(id, (dispatcher) => dispatcher.resume());
  }

  /** @throws EVENT_CURSOR_INVALID */
  async replay(id: string, after: string): Promise<OfSubscriber> {
    const cursor = readCursor(after);
    const dispatcher = this.#options.deliveries.find(id);
    if (dispatcher?.record.progress.snapshotPosition != null) {
      const message = 'It is still getting the entities that there were when it was made.';
      return refused([{ code: 'INVALID', message, field: 'after' }]);
    }
    // What it was not sent yet is not passed over.
    return this.#change(id, (found) =>
      found.replay(Math.min(cursor, found.record.progress.position)),
    );
  }

  async #change(id: string, change: (dispatcher: Dispatcher) => void): Promise<OfSubscriber> {
    const { deliveries } = this.#options;
    const dispatcher = deliveries.find(id);
    if (dispatcher === undefined) return notFound(id);
    change(dispatcher);
    await deliveries.saveNow(id);
    return { value: { subscriber: toSubscriber(dispatcher) }, problems: [] };
  }

  #check(input: Partial<NewSubscriber>, own?: string): Problem[] {
    const { deliveries, settings, model } = this.#options;
    const names = deliveries.all.flatMap(({ record }) => (record.id === own ? [] : [record.name]));
    const others = [...names, ...this.#newNames];
    return [...checkSubscriber(input, { model: model(), settings, names: others })];
  }
}

const unlimited = {
  name: '',
  url: '',
  entities: [],
  types: [],
  includesOwn: false,
  mayVeto: false,
} as const;

function toSubscriber({ record, backlog }: Dispatcher): Subscriber {
  const { progress } = record;
  return {
    id: record.id,
    name: record.name,
    owner: record.owner,
    url: record.url,
    entities: record.entities,
    types: record.types,
    includesOwn: record.includesOwn,
    mayVeto: record.mayVeto,
    vetoWindowMs: record.vetoWindowMs,
    state: progress.state,
    position: writeCursor(progress.position),
    isInSnapshot: progress.snapshotPosition !== null,
    backlog: backlog.size,
    lastDeliveryAt: progress.lastDeliveryAt,
    lastError: progress.lastError,
    createdAt: record.createdAt,
  };
}

export function notFound(id: string): {
  readonly value: null;
  readonly problems: readonly Problem[];
} {
  const message = `There is no subscriber "${id}".`;
  return refused([{ code: 'NOT_FOUND', message, field: 'id' }]);
}

export function refused(problems: readonly Problem[]): {
  readonly value: null;
  readonly problems: readonly Problem[];
} {
  return { value: null, problems };
}
