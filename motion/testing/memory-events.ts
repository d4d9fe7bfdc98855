import { raise } from '../../foundation/errors/tributary-error.ts';
import type {
  CloudEvent,
  DeadLetter,
  EventEdge,
  EventFilter,
  EventService,
  InboundOutcome,
  Saga,
  Subscriber,
  SubscriberMetrics,
} from '../../events/event-service.ts';
import type { Problem } from '../../ledger/identity-command.ts';

/** Events in memory, behind the same interface as those of the lake; cursors are places in the list. */
export class MemoryEvents implements EventService {
  readonly log: CloudEvent[] = [];
  readonly all = new Map<string, Subscriber>();
  readonly letters: DeadLetter[] = [];
  readonly sagas = new Map<string, Saga>();
  readonly received: { readonly events: readonly unknown[]; readonly actor: string }[] = [];
  /** What `receive` answers for an event. */
  outcomeOf = (event: unknown): InboundOutcome => ({
    id: String((event as { id?: unknown }).id),
    status: 'done',
    problems: [],
  });
  /** Streams that somebody still reads. */
  openStreams = 0;
  /** Thrown by streams at their next event. */
  failure: Error | undefined;
  readonly #waiting = new Set<() => void>();

  /** Something happens, and whoever follows hears of it. */
  emit(event: Partial<CloudEvent> = {}): CloudEvent {
    const sequence = String(this.log.length + 1);
    const whole: CloudEvent = {
      specversion: '1.0',
      id: sequence,
      source: '/crm',
      type: 'CustomerUpdated',
      subject: 'C0000001',
      time: '2026-01-31T08:30:00.000Z',
      datacontenttype: 'application/json',
      data: { id: 'C0000001', name: 'Ada' },
      entityversion: 1,
      hlc: sequence.padStart(20, '0'),
      origin: 'crm',
      sequence: sequence.padStart(20, '0'),
      partitionkey: 'Customer:C0000001',
      ...event,
    };
    this.log.push(whole);
    this.wake();
    return whole;
  }

  wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  page(options: EventFilter & { readonly after?: string | undefined; readonly first: number }) {
    const from = readCursor(options.after);
    const found = this.log
      .map((event, index): EventEdge => ({ cursor: String(index + 1), event }))
      .slice(from)
      .filter(({ event }) => isWanted(event, options));
    const edges = found.slice(0, options.first);
    const hasNextPage = found.length > edges.length;
    const endCursor = edges.at(-1)?.cursor ?? String(hasNextPage ? from : this.log.length);
    return Promise.resolve({ edges, hasNextPage, endCursor });
  }

  follow: EventService['follow'] = (options) => {
    const { after } = options;
    const start = after === undefined ? this.log.length : readCursor(after);
    return this.#follow(options, start);
  };

  async *#follow(
    options: Parameters<EventService['follow']>[0],
    start: number,
  ): AsyncGenerator<EventEdge> {
    const { signal } = options;
    let place = start;
    this.openStreams += 1;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    try {
      while (!signal.aborted) {
        if (this.failure !== undefined) throw this.failure;
        const event = this.log[place];
        if (event === undefined) {
          await new Promise<void>((resolve) => this.#waiting.add(resolve));
          continue;
        }
        place += 1;
        if (isWanted(event, options)) yield { cursor: String(place), event };
      }
    } finally {
      this.openStreams -= 1;
    }
  }

  receive(events: readonly unknown[], actor: string) {
    this.received.push({ events, actor });
    return Promise.resolve(events.map((event) => this.outcomeOf(event)));
  }

  subscribers() {
    return Promise.resolve([...this.all.values()]);
  }

  subscriber(id: string) {
    return Promise.resolve(this.all.get(id));
  }

  createSubscriber: EventService['createSubscriber'] = (input, actor) => {
    if (!input.url.startsWith('https://')) {
      return refused({ code: 'INVALID', message: 'A URL begins with https://.', field: 'url' });
    }
    const fresh: Subscriber = {
      id: `s${this.all.size + 1}`,
      name: input.name,
      url: input.url,
      owner: actor,
      entities: [],
      types: [],
      includesOwn: false,
      mayVeto: false,
      vetoWindowMs: 0,
      state: 'ACTIVE',
      position: String(this.log.length),
      isInSnapshot: input.withSnapshot === true,
      backlog: 0,
      lastDeliveryAt: null,
      lastError: null,
      createdAt: new Date('2026-01-31T08:30:00Z'),
    };
    const subscriber = { ...fresh, ...withoutUndefined(input) };
    this.all.set(subscriber.id, subscriber);
    return done({ subscriber, secret: 'whsec_c2VjcmV0' });
  };

  updateSubscriber: EventService['updateSubscriber'] = (id, input) =>
    this.#change(id, withoutUndefined(input));

  deleteSubscriber: EventService['deleteSubscriber'] = (id) => {
    this.all.delete(id);
    return done({ id });
  };

  pause: EventService['pause'] = (id) => this.#change(id, { state: 'PAUSED' });
  resume: EventService['resume'] = (id) => this.#change(id, { state: 'ACTIVE' });
  replay: EventService['replay'] = (id, after) => this.#change(id, { position: after });

  deadLetters: EventService['deadLetters'] = ({ subscriber, first, after }) => {
    const from = Number(after ?? 0);
    const found = this.letters
      .map((letter, index) => ({ letter, place: index + 1 }))
      .filter(({ place }) => place > from)
      .filter(({ letter }) => subscriber === undefined || letter.subscriber === subscriber)
      .slice(0, first);
    const last = found.at(-1);
    return Promise.resolve({
      items: found.map(({ letter }) => letter),
      endCursor: last === undefined ? null : String(last.place),
    });
  };

  replayDeadLetters: EventService['replayDeadLetters'] = (ids) => done({ delivered: ids.length });
  discardDeadLetters: EventService['discardDeadLetters'] = (ids) => done({ discarded: ids.length });

  saga: EventService['saga'] = (event) => Promise.resolve(this.sagas.get(event));

  veto: EventService['veto'] = ({ event, subscriber, reason }) => {
    const saga = this.sagas.get(event);
    if (saga === undefined) {
      return refused({ code: 'NOT_FOUND', message: 'There is no such event.', field: 'event' });
    }
    return done({ ...saga, state: 'COMPENSATED', vetoedBy: subscriber, reason });
  };

  metrics(): readonly SubscriberMetrics[] {
    return [...this.all.values()].map(({ id, name, state, backlog }) => ({
      id,
      name,
      state,
      delivered: 7,
      failed: 3,
      backlog,
      lagSeconds: 0.5,
      deadLetters: 1,
    }));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #change(id: string, changes: Partial<Subscriber>) {
    const known = this.all.get(id);
    if (known === undefined) {
      return refused({ code: 'NOT_FOUND', message: 'There is no such subscriber.', field: 'id' });
    }
    const subscriber = { ...known, ...changes };
    this.all.set(id, subscriber);
    return done({ subscriber });
  }
}

function done<Value>(value: Value) {
  return Promise.resolve({ value, problems: [] } as const);
}

function refused(problem: Problem) {
  return Promise.resolve({ value: null, problems: [problem] } as const);
}

function readCursor(after: string | undefined): number {
  if (after === undefined) return 0;
  if (/^\d{1,9}$/.test(after)) return Number(after);
  throw raise('EVENT_CURSOR_INVALID', { cursor: after.slice(0, 40) });
}

function isWanted(
  { type, origin }: CloudEvent,
  { entity, types, exceptActor }: EventFilter,
): boolean {
  if (origin === exceptActor) return false;
  if (entity !== undefined && !type.startsWith(entity)) return false;
  return types === undefined || types.includes(type);
}

function withoutUndefined<Input extends object>(input: Input) {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Input]-?: Exclude<Input[Name], undefined>;
  };
}
