import type { Clock } from '../foundation/clock.ts';
import type { HttpSend } from '../foundation/http-send.ts';
import type { Log } from '../foundation/log.ts';
import type { Scheduler } from '../foundation/scheduler.ts';
import type { ChangeFeed } from '../ledger/change.ts';
import type { IdentityWriter } from '../ledger/identity-command.ts';
import type { LakeModel } from '../mapping/model.ts';
import { DeadLetters } from './dead-letters.ts';
import { Deliveries } from './deliveries.ts';
import type { EventService } from './event-service.ts';
import { defaultEventSettings, type EventSettings } from './event-settings.ts';
import { followChanges } from './follow-changes.ts';
import { readPage } from './read-page.ts';
import { receiveEvents } from './receive-events.ts';
import { SagaDesk } from './saga-desk.ts';
import { Sagas } from './sagas.ts';
import { Subscribers } from './subscribers.ts';
import type { EventLake } from './subscriber-store.ts';

export interface EventServiceOptions {
  readonly lake: EventLake;
  readonly feed: ChangeFeed;
  readonly identities: IdentityWriter;
  /** The model in service; asked for each time, since a reload brings another one. */
  readonly model: () => LakeModel;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 up to 1; for the same key always the same where a run is to be repeated. */
  readonly random: (key: string) => number;
  readonly newId: () => string;
  /** 24 to 64 random bytes, such as `randomBytes(32)`. */
  readonly newSecret: () => Uint8Array;
  readonly send: HttpSend;
  readonly log: Log;
  readonly settings?: Partial<EventSettings> | undefined;
}

/** Events of identities, out to tools and in from them. Nothing is delivered before `start`. */
export function createEventService(given: EventServiceOptions): EventService {
  const options = { ...given, settings: { ...defaultEventSettings, ...given.settings } };
  const { feed, model } = options;
  const deliveries = new Deliveries(options);
  const sagas = new Sagas({ ...options, standings: (change) => deliveries.standings(change) });
  const parts = { ...options, deliveries, sagas };
  const subscribers = new Subscribers(parts);
  const deadLetters = new DeadLetters(parts);
  const desk = new SagaDesk(parts);

  return {
    page: (page) => readPage(page, feed, model()),
    follow: ({ after, signal, ...filter }) => followChanges({ filter, after, signal, feed, model }),
    receive: (events, actor) => receiveEvents(events, actor, { ...options, model: model() }),
    subscribers: async () => subscribers.all(),
    subscriber: async (id) => subscribers.find(id),
    createSubscriber: (input, actor) => subscribers.create(input, actor),
    updateSubscriber: (id, input) => subscribers.update(id, input),
    deleteSubscriber: (id) => subscribers.delete(id),
    pause: (id) => subscribers.pause(id),
    resume: (id) => subscribers.resume(id),
    replay: (id, after) => subscribers.replay(id, after),
    deadLetters: (page) => deadLetters.list(page),
    replayDeadLetters: (ids) => deadLetters.replay(ids),
    discardDeadLetters: (ids) => deadLetters.discard(ids),
    saga: (eventId) => desk.find(eventId),
    veto: (input, actor) => desk.veto(input, actor),
    metrics: () => subscribers.metrics(),
    async start() {
      await deliveries.load(sagas);
      await sagas.load();
      deliveries.start();
    },
    stop: () => deliveries.stop(),
  };
}
