import type { Lake } from '../lake/engine.ts';
import { Actions } from './actors/draw-action.ts';
import { checkLake } from './checks/check-lake.ts';
import { checkSources } from './checks/check-sources.ts';
import { checkSubscribers } from './checks/check-subscribers.ts';
import { comeToRest } from './world/come-to-rest.ts';
import { Company } from './world/company.ts';
import type { Shop } from './world/shop.ts';
import { World } from './world/world.ts';

interface SimulateOptions {
  readonly seed: number;
  /** Empty, with the tables of the shop. */
  readonly lake: Lake;
  readonly shop: Shop;
  /** What people and tools do. */
  readonly steps: number;
}

export interface Simulation {
  readonly seed: number;
  /** The same text for the same seed. */
  readonly trace: readonly string[];
  /** The rule that was broken; undefined when all was well. */
  readonly failure: unknown;
}

/** Plays one seed to its end, and compares what the product has made of it with what the model says. */
export async function simulate({ seed, lake, shop, steps }: SimulateOptions): Promise<Simulation> {
  const world = new World({ seed, lake, shop });
  try {
    await play(world, steps);
    return { seed, trace: world.trace.lines, failure: undefined };
  } catch (failure) {
    await world.abandon();
    return { seed, trace: world.trace.lines, failure };
  }
}

async function play(world: World, steps: number): Promise<void> {
  const { chance } = world;
  const company = new Company(world);
  const actions = new Actions(world, company);
  world.startHub();
  company.subscribe('ops', 'honest', { includesOwn: true, withSnapshot: false });
  company.subscribe('crm', 'honest', { includesOwn: false, withSnapshot: false });
  company.subscribe('guard', 'vetoer', { includesOwn: false, withSnapshot: false });
  if (chance.happens(0.4))
    company.subscribe('liar', 'liar', { includesOwn: false, withSnapshot: false });
  // What a tool does before it knows that it is subscribed would be an open question.
  await world.until(() => company.subscriptions.size === company.joined, 'subscribers are made');
  for (let done = 0; done < steps;) {
    const { lakeSteps } = world;
    const what = chance.weighted({ lake: lakeSteps.length > 0 ? 30 : 0, act: 1, time: 1.5 });
    if (what === 'lake') await world.runStep(chance.oneOf(lakeSteps));
    else if (what === 'time') await world.goOn();
    else {
      done++;
      await world.act(() => actions.next());
    }
  }
  await comeToRest(world, company);
  world.identities.checkComplete();
  await checkLake(world);
  await checkSources(company, world);
  await checkSubscribers(company.subscriptions.values(), world);
  world.trace.add('world', `rests with ${world.identities.changes.length} changes`);
  await world.abandon();
}
