import type { TributaryEvent } from '../../receiver/tributary-event.ts';
import { DomainSource } from '../actors/domain-source.ts';
import { SalesTool } from '../actors/sales-tool.ts';
import { SubscriberTool, type Character, type Customer } from '../actors/subscriber-tool.ts';
import { checkArrival } from '../checks/check-arrival.ts';
import { Chance } from './chance.ts';
import { subscriberSecret, type World } from './world.ts';

/** A tool that hears of events. */
export interface Subscription {
  readonly tool: SubscriberTool;
  readonly includesOwn: boolean;
  readonly mayVeto: boolean;
  readonly withSnapshot: boolean;
  /** Known when the hub has answered. */
  id: string | undefined;
  /** Events behind this place are its own. */
  start: number | undefined;
}

/** The tools around the hub: those that hear of customers, and those that domains keep their own data in. */
export class Company {
  readonly subscriptions = new Map<string, Subscription>();
  readonly customers: DomainSource;
  readonly invoices: DomainSource;
  readonly sales: SalesTool;
  readonly #world: World;
  #joined = 0;

  constructor(world: World) {
    this.#world = world;
    const nowMs = (): number => world.time.now().getTime();
    const chance = new Chance(`company ${world.seed}`);
    this.customers = new DomainSource(chance, nowMs);
    this.invoices = new DomainSource(chance, nowMs);
    const { line, trace, network } = world;
    this.sales = new SalesTool({ chance, line, trace });
    network.add('billing.example', async (request) => {
      const source = request.url.includes('/invoices') ? this.invoices : this.customers;
      if (chance.happens(this.billingTrouble)) return { status: 503, headers: {}, body: '' };
      return source.answer(request);
    });
  }

  billingTrouble = 0;

  subscribe(
    owner: string,
    character: Character,
    choices: Pick<Subscription, 'includesOwn' | 'withSnapshot'>,
  ): void {
    const world = this.#world;
    const name = `${owner}-${++this.#joined}`;
    const tool = new SubscriberTool({
      name,
      owner,
      character,
      secret: subscriberSecret,
      now: () => world.time.now(),
      chance: new Chance(`${name} ${world.seed}`),
      onArrival: (event, arrived) => this.#arrived(event, arrived),
    });
    const mayVeto = character === 'vetoer';
    const subscription: Subscription = { tool, mayVeto, id: undefined, start: undefined, ...choices };
    this.subscriptions.set(name, subscription);
    world.network.add(`${name}.example`, (request) => tool.answer(request));
    const { includesOwn, withSnapshot } = choices;
    const url = `http://${name}.example/events`;
    world.line.ask({
      isRepeated: true,
      ask: async ({ events }) => {
        const input = { name, url, includesOwn, mayVeto, withSnapshot, vetoWindowMs: 45_000 };
        const { value, problems } = await events.createSubscriber(input, owner);
        if (value !== null) return value.subscriber;
        // Made by a request whose answer nobody heard: that one goes, since where it began is not known.
        const before = (await events.subscribers()).find((one) => one.name === name);
        if (before !== undefined) await events.deleteSubscriber(before.id);
        throw new Error(problems.map(({ message }) => message).join(' '));
      },
      hear: ({ id, position }) => {
        subscription.id = id;
        subscription.start = Number(Buffer.from(position, 'base64url').toString());
        world.trace.add(name, `subscribed at ${subscription.start}`);
      },
    });
  }

  async #arrived(event: TributaryEvent<Customer>, tool: SubscriberTool): Promise<void> {
    const world = this.#world;
    world.trace.add(tool.name, `hears ${event.id} ${event.type} ${event.subject} v${event.entityversion}`);
    const subscription = this.subscriptions.get(tool.name);
    if (subscription !== undefined) await checkArrival(event, subscription, world);
  }
}
