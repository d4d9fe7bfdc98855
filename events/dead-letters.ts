import type { Log } from '../foundation/log.ts';
import type { ChangeFeed } from '../ledger/change.ts';
import type { Problem } from '../ledger/identity-command.ts';
import type { LakeModel } from '../mapping/model.ts';
import { attemptDelivery, type AttemptContext } from './attempt-delivery.ts';
import { bareEvent, eventOfLetter } from './dead-letter-event.ts';
import {
  findDeadLetters,
  listDeadLetters,
  putDeadLetter,
  removeDeadLetters,
  type DeadLetterRecord,
} from './dead-letter-store.ts';
import type { Deliveries } from './deliveries.ts';
import type { Dispatcher } from './dispatcher.ts';
import { readListCursor, writeListCursor } from './event-cursor.ts';
import type { Answered, CloudEvent, DeadLetter } from './event-service.ts';
import type { Sagas } from './sagas.ts';
import { refused } from './subscribers.ts';
import type { EventLake } from './subscriber-store.ts';

interface DeadLettersOptions extends AttemptContext {
  readonly lake: EventLake;
  readonly feed: ChangeFeed;
  readonly model: () => LakeModel;
  readonly deliveries: Deliveries;
  readonly sagas: Sagas;
  readonly log: Log;
}

/** Events that subscribers do not take, for people to look at, send again or throw away. */
export class DeadLetters {
  readonly #options: DeadLettersOptions;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /**
   * The oldest first.
   * @throws EVENT_CURSOR_INVALID
   */
  async list({
    subscriber,
    first,
    after,
  }: {
    readonly subscriber?: string | undefined;
    readonly first: number;
    readonly after?: string | undefined;
  }): Promise<{ readonly items: readonly DeadLetter[]; readonly endCursor: string | null }> {
    const limit = Math.max(0, Math.min(1_000, Math.trunc(first)));
    const [since, id = ''] = after === undefined ? [] : readListCursor(after, 2);
    const place = since === undefined ? undefined : { since: new Date(Number(since)), id };
    const letters = await listDeadLetters(this.#options.lake, { subscriber, limit, after: place });
    const items = await Promise.all(letters.map((letter) => this.#toDeadLetter(letter)));
    const last = letters.at(-1);
    const endCursor = last && writeListCursor([String(last.since.getTime()), last.id]);
    return { items, endCursor: endCursor ?? null };
  }

  /** Sends each once, those of one entity in their order. */
  async replay(ids: readonly string[]): Promise<Answered<{ readonly delivered: number }>> {
    const letters = await findDeadLetters(this.#options.lake, [...new Set(ids)]);
    if (letters.length === 0) return refused([noneOf(ids)]);
    const bySubscriber = groupBy(letters, ({ subscriber }) => subscriber);
    const problems: Problem[] = [];
    let delivered = 0;
    for (const [id, own] of bySubscriber) {
      const dispatcher = this.#options.deliveries.find(id);
      if (dispatcher === undefined) continue;
      const { state } = dispatcher.record.progress;
      if (state === 'PAUSED' || state === 'GONE')
        problems.push({
          code: 'INVALID',
          message: `The subscriber "${dispatcher.record.name}" is ${state}. Resume it first.`,
          field: 'ids',
        });
      else delivered += await this.#sendAll(own, dispatcher);
    }
    return problems.length > 0 ? refused(problems) : { value: { delivered }, problems: [] };
  }

  async discard(ids: readonly string[]): Promise<Answered<{ readonly discarded: number }>> {
    const letters = await findDeadLetters(this.#options.lake, [...new Set(ids)]);
    if (letters.length === 0) return refused([noneOf(ids)]);
    await this.#remove(letters);
    return { value: { discarded: letters.length }, problems: [] };
  }

  /** Gives how many arrived. */
  async #sendAll(letters: readonly DeadLetterRecord[], dispatcher: Dispatcher): Promise<number> {
    const lanes = [...groupBy(letters, ({ entity, key }) => `${entity}/${key}`).values()];
    let delivered = 0;
    const sendLanes = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift())
        for (const letter of lane) if (await this.#send(letter, dispatcher)) delivered++;
    };
    const { maxInFlight } = this.#options.settings;
    await Promise.all(Array.from({ length: Math.min(maxInFlight, lanes.length) }, sendLanes));
    return delivered;
  }

  async #send(letter: DeadLetterRecord, dispatcher: Dispatcher): Promise<boolean> {
    const { lake, feed, sagas } = this.#options;
    const event = await this.#eventOf(letter);
    if (event === undefined) return false;
    const { record } = dispatcher;
    const { signal } = new AbortController();
    const answer = await attemptDelivery(event, record, this.#options, signal);
    const change = letter.sequence === null ? undefined : await feed.find(letter.sequence);
    if (answer.kind === 'vetoed' && change !== undefined)
      await sagas.veto(change, record, answer.reason);
    if (answer.kind === 'accepted' || answer.kind === 'vetoed') {
      await this.#remove([letter]);
      return true;
    }
    const failure =
      answer.kind === 'gone' ? { status: 410, error: 'It answered with status 410.' } : answer;
    const attempts = letter.attempts + 1;
    await putDeadLetter(lake, {
      ...letter,
      attempts,
      lastStatus: failure.status,
      lastError: failure.error,
    });
    return false;
  }

  async #remove(letters: readonly DeadLetterRecord[]): Promise<void> {
    const { lake, deliveries } = this.#options;
    await removeDeadLetters(
      lake,
      letters.map(({ id }) => id),
    );
    for (const { subscriber } of letters) deliveries.find(subscriber)?.countDeadLetters(-1);
  }

  async #toDeadLetter(letter: DeadLetterRecord): Promise<DeadLetter> {
    const { id, subscriber, attempts, lastStatus, lastError, since } = letter;
    const event = (await this.#eventOf(letter)) ?? bareEvent(letter);
    return { id, subscriber, event, attempts, lastStatus, lastError, since };
  }

  #eventOf(letter: DeadLetterRecord): Promise<CloudEvent | undefined> {
    const { lake, feed, model, deliveries } = this.#options;
    const madeAt = deliveries.find(letter.subscriber)?.record.createdAt ?? letter.since;
    return eventOfLetter(letter, madeAt, { lake, feed, model: model() });
  }
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function noneOf(ids: readonly string[]): Problem {
  const message = `There is no dead letter ${ids.map((id) => `"${id}"`).join(', ') || 'of no id'}.`;
  return { code: 'NOT_FOUND', message, field: 'ids' };
}
