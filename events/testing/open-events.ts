import { createHash, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createHttpSend, type HttpSend } from '../../foundation/http-send.ts';
import { createLog } from '../../foundation/log.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { ManualTime } from '../../foundation/testing/manual-time.ts';
import { openTempLake } from '../../lake/testing/temp-lake.ts';
import type { Lake } from '../../lake/engine.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { IdentityCommand, Outcome } from '../../ledger/identity-command.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { inlineModel } from '../../mapping/testing/inline-domain.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { createEventService, type EventServiceOptions } from '../create-event-service.ts';
import type { EventService, NewSubscriber, Subscriber } from '../event-service.ts';
import type { EventSettings } from '../event-settings.ts';

export const shop = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name createdAt createdBy") {
      id: ID! name: String! createdAt: DateTime! createdBy: String!
    }`,
  goods: `
    type Product @key(fields: "sku") @table @identity(fields: "sku title price weight stocked since") {
      sku: ID! title: String! price: Decimal @column(type: "DECIMAL(18,2)") weight: Float stocked: Boolean since: Date
    }`,
};

/** The time of a test may go on faster than real answers come. */
const patient = { timeoutMs: 86_400_000 };

const silent = createLog({ level: 'silent' });

export interface OpenEvents {
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly time: ManualTime;
  readonly model: LakeModel;
  readonly events: EventService;
  /** Another service over the same lake and ledger, as after a crash of the one before. */
  readonly again: (changes?: Partial<EventServiceOptions>) => EventService;
  readonly send: HttpSend;
  readonly submit: (command: IdentityCommand) => Promise<Outcome>;
  readonly create: (id: string, name?: string, actor?: string) => Promise<Outcome>;
  readonly rename: (id: string, name: string, actor?: string) => Promise<Outcome>;
  readonly remove: (id: string, actor?: string) => Promise<Outcome>;
  readonly subscribe: (
    input: Partial<NewSubscriber> & { readonly url: string },
    owner?: string,
  ) => Promise<Subscriber & { readonly secret: string }>;
}

/** A shop with a real lake, a real ledger, real HTTP, and time that a test lets go on. */
export async function openEvents(
  changes: Partial<Omit<EventServiceOptions, 'settings'>> & {
    readonly settings?: Partial<EventSettings>;
    /** When time begins. */
    readonly start?: Date;
  } = {},
): Promise<OpenEvents> {
  const model = inlineModel(shop);
  const lake = await openTempLake();
  await prepareLake({ lake, model, seedDirectory: tempFolder(), log: silent });
  const time = new ManualTime(changes.start);
  const ledger = await Ledger.open({ lake, clock: time, newId: countedIds('made') });
  ledger.use(model);
  const send = createHttpSend({ allowPrivateHosts: true });
  const newId = countedIds('id');
  const open = (more: Partial<EventServiceOptions> = {}): EventService =>
    createEventService({
      lake,
      feed: ledger,
      identities: ledger,
      model: () => model,
      clock: time,
      scheduler: time,
      random: randomOf,
      newId,
      newSecret: () => randomBytes(32),
      send,
      log: silent,
      ...changes,
      settings: { ...patient, ...changes.settings },
      ...more,
    });
  const events = open();
  await events.start();
  onTestFinished(async () => {
    const stopped = events.stop();
    await time.advance(10_000);
    await stopped;
  });
  const command = (
    id: string,
    actor: string,
  ): Pick<IdentityCommand & { kind: 'update' }, 'entity' | 'key' | 'origin'> => ({
    entity: 'Customer',
    key: { id },
    origin: { actor, source: `${actor}/api` },
  });
  const submit = async (given: IdentityCommand): Promise<Outcome> => {
    const outcome = await ledger.submit(given);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome;
  };
  let subscribers = 0;
  return {
    lake,
    ledger,
    time,
    model,
    events,
    again: open,
    send,
    submit,
    create: (id, name = `name of ${id}`, actor = 'crm') =>
      submit({ kind: 'create', ...command(id, actor), fields: { name } }),
    rename: (id, name, actor = 'crm') =>
      submit({ kind: 'update', ...command(id, actor), fields: { name } }),
    remove: (id, actor = 'crm') => submit({ kind: 'delete', ...command(id, actor) }),
    async subscribe(input, owner = 'support') {
      const name = `subscriber ${++subscribers}`;
      const { value, problems } = await events.createSubscriber({ name, ...input }, owner);
      if (value === null) throw new Error(JSON.stringify(problems));
      return { ...value.subscriber, secret: value.secret };
    },
  };
}

/** The same number for the same key, always. */
export function randomOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE() / 2 ** 32;
}

interface Mortal {
  /** What a service is given so that it can be killed. */
  readonly parts: Pick<EventServiceOptions, 'send' | 'lake' | 'scheduler'>;
  readonly kill: () => void;
}

/**
 * As if the process of a service could be killed within the test: afterwards nothing leaves it, nothing comes back to
 * it, and nothing happens in it any more.
 */
export function mortal({ send, lake, scheduler }: Mortal['parts']): Mortal {
  let isDead = false;
  const never = new Promise<never>(() => undefined);
  const whileAlive = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (isDead) return never;
    const value = await work();
    return isDead ? never : value;
  };
  return {
    parts: {
      send: (request) => whileAlive(() => send(request)),
      lake: {
        read: (statement, options) => whileAlive(() => lake.read(statement, options)),
        write: (job) => whileAlive(() => lake.write(job)),
      },
      scheduler: {
        after: (delayMs, work) =>
          scheduler.after(delayMs, () => {
            if (!isDead) work();
          }),
      },
    },
    kill: () => {
      isDead = true;
    },
  };
}

function countedIds(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}-${++count}`;
}
