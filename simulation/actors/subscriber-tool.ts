import { createReceiver, memoryStore, Veto, type Receiver } from '../../receiver/receiver.ts';
import type { TributaryEvent } from '../../receiver/tributary-event.ts';
import type { HttpAnswer, HttpRequest } from '../../foundation/http-send.ts';
import { mustHold } from '../world/broken-rule.ts';
import type { Chance } from '../world/chance.ts';

export type Customer = Readonly<Record<string, unknown>>;

/** What a subscriber is like. A liar says that it took what it threw away; what becomes of it is its own affair. */
export type Character = 'honest' | 'vetoer' | 'liar';

interface Options {
  readonly name: string;
  readonly owner: string;
  readonly character: Character;
  readonly host: string;
  readonly secret: string;
  readonly now: () => Date;
  readonly chance: Chance;
  readonly onArrival: (event: TributaryEvent<Customer>, tool: SubscriberTool) => Promise<void>;
}

/** Names that a vetoer does not have. */
export const refusedName = /^Bad/;

/**
 * A tool with a store of its own, on the receiver that real tools use. It outlives the hub. It may be in trouble:
 * then it answers 500, or takes an event over and does not get to say so.
 */
export class SubscriberTool {
  readonly name: string;
  readonly owner: string;
  readonly host: string;
  readonly character: Character;
  readonly records = new Map<string, Customer>();
  /** Events that it answered with 2xx, or refused by a veto: by their ids. */
  readonly done = new Set<string>();
  readonly vetoed = new Set<string>();
  /** Share of requests that it answers with some status of trouble. */
  trouble = 0;
  isGone = false;
  readonly #options: Options;
  readonly #store = memoryStore();
  readonly #receiver: Receiver;
  readonly #handed = new Map<string, number>();
  /** Of each customer the newest version that it heard of, whichever way. */
  readonly #versions = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
    this.name = options.name;
    this.owner = options.owner;
    this.host = options.host;
    this.character = options.character;
    const { secret, now } = options;
    const handle = (event: TributaryEvent<Customer>): void => this.#take(event);
    this.#receiver = createReceiver<Customer>({
      secret,
      now,
      store: this.#store,
      on: { '*': handle },
      onError: (error) => {
        throw error;
      },
    });
  }

  /** Up to here it has certainly heard everything that it was to hear. */
  doneUpTo(wanted: readonly { readonly sequence: number }[]): number {
    const open = wanted.find(({ sequence }) => !this.done.has(String(sequence)));
    return (open?.sequence ?? (wanted.at(-1)?.sequence ?? 0) + 1) - 1;
  }

  async answer({ headers, body = '' }: HttpRequest): Promise<HttpAnswer> {
    const { chance, character, onArrival } = this.#options;
    const event = JSON.parse(body) as TributaryEvent<Customer>;
    await onArrival(event, this);
    if (this.isGone) return plain(410);
    if (character === 'liar' && chance.happens(0.5)) return plain(chance.oneOf([200, 204, 500]));
    const isTroubled = chance.happens(this.trouble);
    // Some fail before they have done anything, some afterwards.
    if (isTroubled && chance.happens(0.6)) return this.#troubled();
    const answer = await this.#receiver.handle({ headers, body });
    if (answer.status === 422) this.vetoed.add(event.id);
    if (isTroubled) return this.#troubled();
    if (answer.status < 300 || answer.status === 422) this.done.add(event.id);
    return answer;
  }

  /** What it knows from the answer to a wish of its own; answers may overtake each other. */
  async learn(id: string, version: number, record: Customer | undefined): Promise<void> {
    // Without a wait in between: another answer may come in meanwhile.
    if ((this.#versions.get(id) ?? 0) >= version) return;
    this.#versions.set(id, version);
    this.#put(id, record);
    await this.#store.remember('Customer', id, version);
  }

  #take(event: TributaryEvent<Customer>): void {
    const { subject, entityversion, type, data } = event;
    const isDeletion = type.endsWith('Deleted');
    const isFinal = event.reverses !== undefined || event.id.startsWith('snapshot:');
    if (
      this.character === 'vetoer' &&
      !isDeletion &&
      !isFinal &&
      refusedName.test(String(data['name']))
    )
      throw new Veto(`${String(data['name'])} is no name for us`);
    const before = this.#handed.get(subject) ?? 0;
    mustHold(
      entityversion > before,
      'The versions of a customer that are handed over rise.',
      () => `${this.name}: version ${entityversion} of ${subject} after ${before}`,
    );
    this.#handed.set(subject, entityversion);
    if (entityversion <= (this.#versions.get(subject) ?? 0)) return;
    this.#versions.set(subject, entityversion);
    this.#put(subject, isDeletion ? undefined : data);
  }

  #put(id: string, record: Customer | undefined): void {
    if (record === undefined) this.records.delete(id);
    else this.records.set(id, record);
  }

  #troubled(): HttpAnswer {
    const { chance } = this.#options;
    const status = chance.oneOf([500, 500, 502, 503, 429, 404]);
    const headers: Record<string, string> =
      status === 503 || status === 429 ? { 'retry-after': String(chance.between(1, 90)) } : {};
    return { ...plain(status), headers };
  }
}

function plain(status: number): HttpAnswer {
  return { status, headers: {}, body: '' };
}
