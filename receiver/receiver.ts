import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, type Delivery, headerOf, jsonAnswer } from './delivery.ts';
import { createListener, refusalOf } from './listener.ts';
import { Rejection } from './rejection.ts';
import { SubjectQueue } from './subject-queue.ts';
import {
  entityOf,
  type GoneData,
  readEntityEvent,
  readEnvelope,
  type TributaryEvent,
} from './tributary-event.ts';
import { createVerifier, type VerifierOptions } from './verify-event.ts';
import { placeOf, type VersionStore } from './version-store.ts';
import { Veto } from './veto.ts';

export { fileStore, type FileStore } from './file-store.ts';
export type { RecordChanges } from './record-changes.ts';
export { memoryStore, type VersionChange, type VersionStore } from './version-store.ts';
export { Rejection, type RejectionCode } from './rejection.ts';
export { verifyEvent, type VerifierOptions } from './verify-event.ts';
export { Veto } from './veto.ts';
export type { Answer, Delivery, DeliveryHeaders } from './delivery.ts';
export type { GoneData, TributaryEvent } from './tributary-event.ts';

/**
 * Takes one event over. It is called for each version of an entity at most in rising order, and never for two events
 * of one entity at once; versions may be left out, since every event carries the whole base data. So an update may be
 * the first that a tool hears of an entity. A promise is waited for; what it gives does not matter.
 *
 * What it throws makes Tributary send the event again; a {@link Veto} makes it take the change back.
 */
export type Handler<Event, Transaction> = (event: Event, transaction: Transaction) => unknown;

/** Handlers by type of event: `CustomerCreated`, `LoanUpdated`, and so on; `*` gets all that have none. */
export interface Handlers<Data, Transaction> {
  readonly [deleted: `${string}Deleted`]: Handler<TributaryEvent<GoneData<Data>>, Transaction>;
  readonly [created: `${string}Created`]: Handler<TributaryEvent<Data>, Transaction>;
  readonly [updated: `${string}Updated`]: Handler<TributaryEvent<Data>, Transaction>;
  readonly '*'?: Handler<TributaryEvent<GoneData<Data>>, Transaction>;
}

export interface ReceiverOptions<Data, Transaction> extends VerifierOptions {
  /** What the tool knows already; see {@link VersionStore} for how to write records and versions at once. */
  readonly store: VersionStore<Transaction>;
  /** Types that no handler is there for are acknowledged, and nothing is remembered of them. */
  readonly on: Handlers<Data, Transaction>;
  /** Largest body; 262,144 by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Hears what a handler or the store threw; standard error by default. */
  readonly onError?: ((error: unknown, event: TributaryEvent<unknown>) => void) | undefined;
}

export interface Receiver {
  /** Answers a request of any server. It rejects with nothing but what `onError` throws. */
  handle(delivery: Delivery): Promise<Answer>;
  /** The same for `node:http`, and for frameworks that give its requests with their bodies unread. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * Receives events of Tributary: checks signatures, removes duplicates, keeps what is late from overwriting what is
 * newer, and hands the rest to the tool.
 * @throws {TypeError} for a secret that cannot be one
 */
export function createReceiver<Data = Readonly<Record<string, unknown>>, Transaction = undefined>({
  store,
  on,
  maxBodyBytes = 262_144,
  onError = reportError,
  ...verification
}: ReceiverOptions<Data, Transaction>): Receiver {
  const verify = createVerifier(verification);
  const queue = new SubjectQueue();

  async function handle(delivery: Delivery): Promise<Answer> {
    try {
      return await receive(delivery);
    } catch (error) {
      if (error instanceof Rejection) return refusalOf(error);
      if (error instanceof Veto) return jsonAnswer(422, { veto: { reason: error.reason } });
      throw error;
    }
  }

  async function receive(delivery: Delivery): Promise<Answer> {
    if (typeof delivery.body !== 'string' && !(delivery.body instanceof Uint8Array)) {
      throw new Rejection('BODY_ALREADY_READ');
    }
    if (Buffer.byteLength(delivery.body) > maxBodyBytes) {
      throw new Rejection('BODY_TOO_LARGE', `It takes ${maxBodyBytes} bytes.`);
    }
    const text = verify(delivery);
    checkContentType(headerOf(delivery.headers, 'content-type'));
    const envelope = readEnvelope(text);
    const handler = handlerOf(on, envelope.type);
    if (handler === undefined) return jsonAnswer(200, { status: 'ignored' });
    const event = readEntityEvent<Data>(envelope);
    const place = placeOf(entityOf(event.type), event.subject);
    const isNew = await queue.run(place, () => apply(event, handler));
    return jsonAnswer(200, { status: isNew ? 'applied' : 'known' });
  }

  /** False when something as new was known. */
  async function apply(
    event: TributaryEvent<Data>,
    handler: Handler<TributaryEvent<Data>, Transaction>,
  ): Promise<boolean> {
    const { subject, entityversion: version } = event;
    const entity = entityOf(event.type);
    try {
      const known = await store.versionOf(entity, subject);
      if (known !== undefined && known >= version) return false;
      const work = async (transaction: Transaction): Promise<void> => {
        await handler(event, transaction);
      };
      if (store.apply !== undefined) return await store.apply({ entity, subject, version }, work);
      // A store without `apply` has no transaction to give: its type says `undefined`.
      await work(undefined as Transaction);
      await store.remember(entity, subject, version);
      return true;
    } catch (error) {
      if (error instanceof Veto) throw error;
      onError(error, event);
      throw new Rejection('TOOL_FAILED');
    }
  }

  return { handle, listener: createListener({ handle, maxBodyBytes }) };
}

/** Only what the tool has written itself counts: a type `constructor` must not find what objects inherit. */
function handlerOf<Data, Transaction>(
  on: Handlers<Data, Transaction>,
  type: string,
): Handler<TributaryEvent<Data>, Transaction> | undefined {
  const handlers = on as unknown as Readonly<
    Record<string, Handler<TributaryEvent<Data>, Transaction>>
  >;
  return Object.hasOwn(handlers, type) ? handlers[type] : handlers['*'];
}

function checkContentType(header: string | undefined): void {
  const [type = ''] = (header ?? '').toLowerCase().split(';');
  if (['application/cloudevents+json', 'application/json'].includes(type.trim())) return;
  throw new Rejection('CONTENT_TYPE_UNSUPPORTED', `It says "${header ?? ''}".`);
}

function reportError(error: unknown, { type, subject, id }: TributaryEvent<unknown>): void {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `tributary/receiver: ${type} of ${subject} (event ${id}) failed: ${cause}\n`,
  );
}
