import type { Random } from '../../oracle/random.ts';
import { askGraph } from '../ask-graph.ts';

/** A change that a tool asks for, with the key under which it may be asked for again. */
export type Wish = {
  readonly idempotencyKey: string;
} & (
  | { readonly kind: 'create'; readonly id?: string; readonly name: string; readonly email: string }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly name: string;
      readonly expectedVersion?: number;
    }
  | { readonly kind: 'delete'; readonly id: string }
  | { readonly kind: 'merge'; readonly winnerId: string; readonly loserId: string }
);

/** What the server said of it. */
export interface Payload {
  readonly customer: { readonly id: string } | null;
  readonly deletedId?: string | null;
  readonly version: number | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export interface Answered {
  readonly wish: Wish;
  readonly payload: Payload;
}

const operations = {
  create: `mutation ($input: CreateCustomerInput!) {
    payload: createCustomer(input: $input) { customer { id } version errors { code message } } }`,
  update: `mutation ($input: UpdateCustomerInput!) {
    payload: updateCustomer(input: $input) { customer { id } version errors { code message } } }`,
  delete: `mutation ($input: DeleteCustomerInput!) {
    payload: deleteCustomer(input: $input) { customer { id } deletedId version errors { code message } } }`,
  merge: `mutation ($input: MergeCustomersInput!) {
    payload: mergeCustomers(input: $input) { customer { id } version errors { code message } } }`,
};

interface CustomerToolOptions {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly random: Random;
  /** Customers that all tools know of. */
  readonly shared: string[];
}

/**
 * A tool that changes customers, several at once. What it heard no answer to it asks for again, under the same key:
 * that is all it has to do so that each of its changes is made once, whatever becomes of the server.
 */
export class CustomerTool {
  readonly name: string;
  readonly answered: Answered[] = [];
  /** What the server did that no server may do. */
  readonly problems: string[] = [];
  readonly #options: CustomerToolOptions;
  readonly #unanswered = new Map<string, Wish>();
  readonly #versions = new Map<string, number>();
  /** Pairs of customers that no other tool knows of, to be merged. */
  readonly #pairs: string[] = [];
  #count = 0;

  constructor(options: CustomerToolOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get unanswered(): readonly Wish[] {
    return [...this.#unanswered.values()];
  }

  /** Asks again for what is unanswered, then for more and more, until the signal aborts or the server is gone. */
  async work(url: string, signal: AbortSignal): Promise<void> {
    await Promise.all(this.unanswered.map((wish) => this.#ask(url, wish, signal)));
    const workers = Array.from({ length: 4 }, async () => {
      while (!signal.aborted) {
        const { random } = this.#options;
        const isRepetition = this.answered.length > 0 && random.isTrue(0.05);
        if (isRepetition) await this.#repeat(url, signal);
        else if (!(await this.#ask(url, this.#draw(), signal))) return;
      }
    });
    await Promise.all(workers);
  }

  /** Asks for nothing new. */
  async finish(url: string): Promise<void> {
    const { signal } = new AbortController();
    await Promise.all(this.unanswered.map((wish) => this.#ask(url, wish, signal)));
  }

  #draw(): Wish {
    const { random, shared } = this.#options;
    const idempotencyKey = `${this.name}-${++this.#count}`;
    const name = `by ${idempotencyKey}`;
    const kind = random.below(100);
    const known = shared.slice(-60);
    if (kind < 40 || known.length < 4) {
      const other = random.isTrue(0.1) ? random.below(this.#count) : this.#count;
      const email = `${this.name}-${other}@Tools.example`;
      const isOwnId = random.isTrue(0.3);
      return {
        kind: 'create',
        idempotencyKey,
        name,
        email,
        ...(isOwnId ? { id: `${this.name}:${this.#count}` } : {}),
      };
    }
    const id = random.pick(known);
    if (kind < 80) {
      const version = this.#versions.get(id);
      const isCareful = version !== undefined && random.isTrue(0.3);
      const expected = isCareful ? { expectedVersion: version } : {};
      return { kind: 'update', idempotencyKey, id, name, ...expected };
    }
    const [winnerId, loserId] = kind < 90 ? this.#pairs.splice(0, 2) : [];
    if (winnerId !== undefined && loserId !== undefined)
      return { kind: 'merge', idempotencyKey, winnerId, loserId };
    return { kind: 'delete', idempotencyKey, id };
  }

  /** False when no answer came. */
  async #ask(url: string, wish: Wish, signal: AbortSignal): Promise<boolean> {
    this.#unanswered.set(wish.idempotencyKey, wish);
    const payload = await this.#send(url, wish, signal);
    if (payload === undefined) return false;
    this.#unanswered.delete(wish.idempotencyKey);
    this.answered.push({ wish, payload });
    this.#learn({ wish, payload });
    return true;
  }

  /** Whoever repeats what was answered gets the same answer. */
  async #repeat(url: string, signal: AbortSignal): Promise<void> {
    const { wish, payload } = this.#options.random.pick(this.answered);
    // What was refused is not remembered: it may be done now.
    if (payload.errors.length > 0) return;
    const again = await this.#send(url, wish, signal);
    if (again === undefined || JSON.stringify(again) === JSON.stringify(payload)) return;
    const said = `${JSON.stringify(payload)} became ${JSON.stringify(again)}`;
    this.problems.push(`Repeated, ${wish.idempotencyKey} was answered otherwise: ${said}`);
  }

  async #send(url: string, wish: Wish, signal: AbortSignal): Promise<Payload | undefined> {
    const { kind, ...input } = wish;
    const { headers } = this.#options;
    try {
      const answer = await askGraph(`${url}/graphql`, operations[kind], { input }, headers, signal);
      const payload = answer.data?.['payload'] as Payload | null | undefined;
      if (payload !== undefined && payload !== null && answer.errors === undefined) return payload;
      this.problems.push(`${wish.idempotencyKey} was answered with ${JSON.stringify(answer)}`);
    } catch {
      // Nobody was there, or is there any more.
    }
    return undefined;
  }

  #learn({ wish, payload }: Answered): void {
    const id = payload.customer?.id;
    if (id === undefined || payload.version === null || payload.errors.length > 0) return;
    this.#versions.set(id, payload.version);
    if (wish.kind !== 'create') return;
    const { random, shared } = this.#options;
    if (random.isTrue(0.3)) this.#pairs.push(id);
    else shared.push(id);
  }
}
