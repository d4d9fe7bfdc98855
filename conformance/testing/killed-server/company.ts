import { setTimeout as sleep } from 'node:timers/promises';
import { createKey } from '../../../access/api-keys.ts';
import { systemClock } from '../../../foundation/clock.ts';
import type { Random } from '../../oracle/random.ts';
import { askGraph } from '../ask-graph.ts';
import {
  checkCommands,
  checkEvents,
  checkOrders,
  checkReplica,
  checkSales,
} from './check-answers.ts';
import { checkLake } from './check-lake.ts';
import { checkLog } from './check-log.ts';
import { CustomerTool } from './customer-tool.ts';
import { withLakeCopy } from './lake-copy.ts';
import { readLog, readTables, type LoggedChange, type Texts } from './logged-changes.ts';
import { PushingTool } from './pushing-tool.ts';
import { RecordingSubscriber } from './recording-subscriber.ts';

type Headers = Readonly<Record<string, string>>;

interface CompanyParts {
  readonly tools: readonly CustomerTool[];
  readonly orders: PushingTool;
  readonly sales: PushingTool;
  /** Gets what others than the tool `desk` do. */
  readonly desk: RecordingSubscriber;
  readonly deskHeaders: Headers;
  /** Began with all customers at some time, and gets everything since. */
  readonly replica: RecordingSubscriber;
}

/** Tools around a server that is killed again and again, and what they were told by it. */
export class Company {
  readonly #dataDirectory: string;
  readonly #parts: CompanyParts;
  #first: ReadonlyMap<string, Texts> = new Map();

  private constructor(dataDirectory: string, parts: CompanyParts) {
    this.#dataDirectory = dataDirectory;
    this.#parts = parts;
  }

  static async found(dataDirectory: string, random: Random): Promise<Company> {
    const headersOf = async (name: string): Promise<Headers> => {
      const key = await createKey({ directory: dataDirectory, name, clock: systemClock });
      return { 'x-api-key': key.token };
    };
    const shared = ['S1', 'S2'];
    const tools: CustomerTool[] = [];
    const deskHeaders = await headersOf('desk');
    for (const name of ['crm', 'shop', 'desk']) {
      const headers = name === 'desk' ? deskHeaders : await headersOf(name);
      tools.push(new CustomerTool({ name, headers, random, shared }));
    }
    const orderIds = Array.from({ length: 500 }, (_, place) => `O${place}`);
    const orders = new PushingTool({
      name: 'orders',
      path: '/sync/billing',
      headers: await headersOf('billing'),
      random,
      ids: () => orderIds,
      valuesOf: (note) => ({ note, amount: 12.5 }),
      hasTombstones: true,
    });
    const sales = new PushingTool({
      name: 'sales',
      path: '/sync/sales/customer',
      headers: await headersOf('sales'),
      random,
      ids: () => shared,
      valuesOf: (rep) => ({ rep }),
      hasTombstones: false,
    });
    const desk = await RecordingSubscriber.start();
    const replica = await RecordingSubscriber.start();
    return new Company(dataDirectory, { tools, orders, sales, desk, deskHeaders, replica });
  }

  /** Before anything happens. */
  async begin(url: string): Promise<void> {
    const { desk, deskHeaders } = this.#parts;
    this.#first = await withLakeCopy(this.#dataDirectory, readTables);
    await subscribe(url, desk, deskHeaders, { name: 'desk' });
  }

  /** Somebody wants all customers, and to hear of them from now on. */
  joinReplica(url: string): Promise<void> {
    const input = { name: 'replica', withSnapshot: true, includesOwn: true };
    return subscribe(url, this.#parts.replica, {}, input);
  }

  /** All work at once, until the server is gone. */
  async work(url: string, signal: AbortSignal): Promise<void> {
    const { tools, orders, sales } = this.#parts;
    await Promise.all([...tools, orders, sales].map((tool) => tool.work(url, signal)));
  }

  /** Until so many more answers were heard, and a moment longer. */
  async hear(answers: number, furtherMs: number): Promise<void> {
    const due = this.#heard + answers;
    const deadline = performance.now() + 10_000;
    while (this.#heard < due && performance.now() < deadline) await sleep(1);
    await sleep(furtherMs);
  }

  /** Everybody hears what they are still to hear. */
  async finish(url: string): Promise<void> {
    const { tools, orders, sales } = this.#parts;
    await Promise.all([...tools, orders, sales].map((tool) => tool.finish(url)));
    const query = '{ eventSubscribers { name state backlog isInSnapshot lastError } }';
    const deadline = performance.now() + 60_000;
    for (;;) {
      const { data } = await askGraph(`${url}/graphql`, query);
      const known = data?.['eventSubscribers'] as readonly Waiting[] | undefined;
      const waiting = known?.filter(
        ({ state, backlog, isInSnapshot }) => state !== 'ACTIVE' || backlog > 0 || isInSnapshot,
      );
      if (waiting?.length === 0) return;
      if (performance.now() > deadline)
        throw new Error(`Still waiting: ${JSON.stringify(waiting)}`);
      await sleep(50);
    }
  }

  /** What is wrong with the lake that the last server left, by all that was heard of it. */
  check({ isOver }: { readonly isOver: boolean }): Promise<readonly string[]> {
    return withLakeCopy(this.#dataDirectory, async (lake) => {
      const log = await readLog(lake);
      const now = await readTables(lake);
      return [
        ...checkLog(log, this.#first, now),
        ...(await checkLake(lake)),
        ...this.#checkHeard(log, now, isOver),
      ];
    });
  }

  /** How much happened, for who reads the test's output. */
  get account(): string {
    const { orders, sales, desk, replica } = this.#parts;
    const pushes = orders.acknowledged.length + sales.acknowledged.length;
    return `${this.#heard} commands, ${pushes} pushes, ${desk.events.length} and ${replica.events.length} events`;
  }

  close(): void {
    this.#parts.desk.close();
    this.#parts.replica.close();
  }

  /** Commands that were answered. */
  get #heard(): number {
    return this.#parts.tools.reduce((sum, { answered }) => sum + answered.length, 0);
  }

  #checkHeard(
    log: readonly LoggedChange[],
    now: ReadonlyMap<string, Texts>,
    isOver: boolean,
  ): readonly string[] {
    const { tools, orders, sales, desk, replica } = this.#parts;
    return [
      ...checkCommands(tools, log),
      ...checkOrders(orders, log),
      ...checkSales(sales, log, now),
      ...checkEvents(desk, log, { owner: 'desk', isOver }),
      ...(isOver ? checkReplica(replica, now) : []),
    ];
  }
}

interface Waiting {
  readonly state: string;
  readonly backlog: number;
  readonly isInSnapshot: boolean;
}

async function subscribe(
  url: string,
  subscriber: RecordingSubscriber,
  headers: Headers,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const mutation = `mutation ($input: CreateEventSubscriberInput!) {
    made: createSubscriber(input: $input) { secret problems { message } } }`;
  const variables = { input: { url: subscriber.url, ...input } };
  const answer = await askGraph(`${url}/graphql`, mutation, variables, headers);
  const { secret } = (answer.data?.['made'] ?? {}) as { readonly secret?: string | null };
  if (typeof secret !== 'string') throw new Error(JSON.stringify(answer));
  subscriber.open(secret);
}
