import type { Company } from './company.ts';
import type { World } from './world.ts';

/** Ends all trouble, lets everything that is owed be done, and sees that a restart changes nothing of that. */
export async function comeToRest(world: World, company: Company): Promise<void> {
  world.trace.add('world', 'trouble ends');
  world.calmDown();
  company.billingTrouble = 0;
  for (const { tool } of company.subscriptions.values()) {
    tool.trouble = 0;
    tool.isGone = false;
  }
  await world.until(
    () => world.services !== undefined && world.line.openCount === 0,
    'every wish is heard',
  );
  await syncAll(world, company);
  await deliverAll(world, company);
  await world.crash('to see what remains');
  await world.until(() => world.services !== undefined, 'the hub starts');
  await deliverAll(world, company);
}

async function syncAll(world: World, company: Company): Promise<void> {
  company.customers.show(true);
  company.invoices.show(true);
  for (const table of ['customer', 'invoice']) {
    const { sync } = servicesOf(world);
    const { runs } = await world.finish(sync.runNow({ domain: 'billing', table }), 'a sync ends');
    const failed = runs?.find(({ state }) => state !== 'SUCCEEDED');
    if (failed !== undefined) throw new Error(`The sync of ${table} failed: ${failed.error ?? ''}`);
  }
}

async function deliverAll(world: World, company: Company): Promise<void> {
  const { events } = servicesOf(world);
  for (const { id } of company.subscriptions.values())
    await world.finish(events.resume(id), 'a subscriber is resumed');
  const isDelivered = (): boolean =>
    world.network.underWay === 0 &&
    world.lakeSteps.length === 0 &&
    events
      .metrics()
      .filter(({ name }) => company.subscriptions.get(name)?.tool.character !== 'liar')
      .every(({ backlog }) => backlog === 0);
  await world.until(isDelivered, 'all events are delivered');
  for (let round = 0; round < 20; round++) {
    const { items } = await world.finish(
      events.deadLetters({ first: 100 }),
      'dead letters are read',
    );
    if (items.length === 0) break;
    await world.finish(
      events.replayDeadLetters(items.map(({ id }) => id)),
      'dead letters are sent',
    );
  }
  await world.until(isDelivered, 'all events are delivered');
}

function servicesOf(world: World): NonNullable<World['services']> {
  if (world.services === undefined) throw new Error('The hub is away.');
  return world.services;
}
