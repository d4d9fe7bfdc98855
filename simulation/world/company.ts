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
  readonly id: string;
  /** Events behind this place are its own. */
  readonly start: number;
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
    // A clock of its own, which nobody sets.
    const begunMs = world.time.now().getTime();
    const nowMs = (): number => begunMs + world.time.monotonicMs();
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

  /** Subscribers that came so far, or are about to. */
  get joined(): number {
    return this.#joined;
  }

  subscribe(
    owner: string,
    character: Character,
    choices: Pick<Subscription, 'includesOwn' | 'withSnapshot'>,
  ): void {
    const world = this.#world;
    const name = `${owner}-${++this.#joined}`;
    const mayVeto = character === 'vetoer';
    let tool = this.#openTool(name, owner, character, 1);
    let generation = 1;
    const { includesOwn, withSnapshot } = choices;
    world.line.ask({
      isRepeated: true,
      ask: async ({ events }) => {
        const url = `http://${name}.${generation}.example/events`;
        const input = { name, url, includesOwn, mayVeto, withSnapshot, vetoWindowMs: 45_000 };
        const { value, problems } = await events.createSubscriber(input, owner);
        if (value !== null) return value.subscriber;
        // Made by a request whose answer nobody heard: that one goes, since where it began is not known.
        const before = (await events.subscribers()).find((one) => one.name === name);
        if (before !== undefined) await events.deleteSubscriber(before.id);
        tool = this.#openTool(name, owner, character, ++generation);
        throw new Error(problems.map(({ message }) => message).join(' '));
      },
      hear: ({ id, position }) => {
        const start = Number(Buffer.from(position, 'base64url').toString());
        this.subscriptions.set(name, { tool, mayVeto, id, start, ...choices });
        world.trace.add(name, `subscribed at ${start}`);
      },
    });
  }

  #openTool(name: string, owner: string, character: Character, generation: number): SubscriberTool {
    const world = this.#world;
    const tool = new SubscriberTool({
      name,
      owner,
      character,
      host: `${name}.${generation}.example`,
      secret: subscriberSecret,
      now: () => world.time.now(),
      chance: new Chance(`${name} ${generation} ${world.seed}`),
      onArrival: (event, arrived) => this.#arrived(event, arrived),
    });
    world.network.add(tool.host, (request) => tool.answer(request));
    return tool;
  }

  async #arrived(event: TributaryEvent<Customer>, tool: SubscriberTool): Promise<void> {
    const world = this.#world;
    world.trace.add(
      tool.name,
      `hears ${event.id} ${event.type} ${event.subject} v${event.entityversion}`,
    );
    const subscription = this.subscriptions.get(tool.name);
    if (subscription?.tool === tool) await checkArrival(event, subscription, world);
  }
}
