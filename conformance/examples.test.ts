import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { eventually, eventuallyHas, ExampleCompany, type Tool } from './testing/example-tools.ts';

describe('the two tools of the example and a real server', () => {
  const directory = sharedTempFolder();
  let company: ExampleCompany;
  let support: Tool;
  let crm: Tool;
  let run = 0;
  /** A name, an id and an address that no test before had. */
  let name: string;
  let email: string;

  beforeAll(async () => {
    company = await ExampleCompany.open(directory);
    support = await company.supportDesk({ name: 'support', mayVeto: true });
    crm = await company.crm({ name: 'crm' }, support.url);
  });
  afterAll(() => company.close());
  beforeEach(() => {
    name = `N${run++}`;
    email = `${name.toLowerCase()}@mail.example`;
  });

  const makeInCrm = async (more: object = {}): Promise<string> => {
    const { status, json } = await crm.send('POST', '/customers', { name, email, ...more });
    expect({ status, json }).toMatchObject({ status: 201, json: { name, email } });
    return String(json['id']);
  };
  const makeElsewhere = async (): Promise<string> => {
    await company.server.mutate(
      `done: createCustomer(input: { id: "${name}", name: "${name}", email: "${email}" }) { version }`,
    );
    return name;
  };
  const change = (fields: string) =>
    company.server.mutate(`done: ${fields} { version errors { code } }`);
  const sendEvent = async (tool: Tool, event: object): Promise<unknown> => {
    const response = await fetch(`${company.server.server.url}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', 'x-api-key': tool.apiKey },
      body: JSON.stringify({ specversion: '1.0', source: '/tool', ...event }),
    });
    return response.json();
  };
  const client = (id: string, more: object = {}) => ({
    id,
    name,
    email,
    tier: 'BRONZE',
    openTickets: [],
    ...more,
  });
  const account = (id: string, more: object = {}) => ({
    id,
    name,
    email,
    accountValue: 0,
    ...more,
  });

  it('a customer that is made in the CRM appears in the support desk, with base data only', async () => {
    const id = await makeInCrm({ accountValue: 950.5 });
    await eventuallyHas(support, id, client(id));
    expect(await crm.find(id)).toEqual(account(id, { accountValue: 950.5 }));
    expect(
      await company.server.read(`{ customer(id: "${id}") { name createdBy accountValue } }`),
    ).toEqual({ customer: { name, createdBy: 'crm', accountValue: null } });
  });

  it('a customer that a third tool makes appears in both', async () => {
    const id = await makeElsewhere();
    await eventuallyHas(support, id, client(id));
    await eventuallyHas(crm, id, account(id));
  });

  it('a customer that support tells of by an event appears in the CRM, and support is not told', async () => {
    const outcome = await sendEvent(support, {
      id: name,
      type: 'CustomerCreated',
      subject: name,
      data: { name, email },
    });
    expect(outcome).toMatchObject({ status: 'done', subject: name });
    await eventuallyHas(crm, name, account(name));
    // What comes later has come: so this was not on its way.
    const [first, firstEmail] = [name, email];
    [name, email] = [`${first}b`, `b${firstEmail}`];
    const later = await makeElsewhere();
    await eventuallyHas(support, later, client(later));
    expect(await support.find(first)).toBeNull();
  });

  it('a change of base data reaches both, and leaves what each of them knows alone', async () => {
    const id = await makeInCrm({ accountValue: 7 });
    await eventuallyHas(support, id, client(id));
    await support.send('PUT', `/customers/${id}/tier`, { tier: 'GOLD' });
    await support.send('POST', `/customers/${id}/tickets`, { about: 'a lamp' });
    await change(`updateCustomer(input: { id: "${id}", name: "Renamed" })`);
    name = 'Renamed';
    await eventuallyHas(crm, id, account(id, { accountValue: 7 }));
    await eventuallyHas(support, id, client(id, { tier: 'GOLD', openTickets: ['a lamp'] }));
  });

  it('a customer that is removed is gone from both', async () => {
    const id = await makeInCrm();
    await eventuallyHas(support, id, client(id));
    await change(`deleteCustomer(input: { id: "${id}" })`);
    await eventuallyHas(support, id, null);
    await eventuallyHas(crm, id, null);
  });

  it('two that are merged become one in both', async () => {
    const winner = await makeElsewhere();
    await eventuallyHas(support, winner, client(winner));
    const [firstName, firstEmail] = [name, email];
    [name, email] = [`${name}b`, `b${email}`];
    const loser = await makeElsewhere();
    await eventuallyHas(crm, loser, account(loser));
    await eventuallyHas(support, loser, client(loser));
    await change(`mergeCustomers(input: { winnerId: "${winner}", loserId: "${loser}" })`);
    await eventuallyHas(crm, loser, null);
    await eventuallyHas(support, loser, null);
    [name, email] = [firstName, firstEmail];
    expect(await crm.find(winner)).toEqual(account(winner));
  });

  it('a customer that support refuses is taken back, also in the CRM that made it', async () => {
    email = `${name}@nowhere.invalid`;
    const id = await makeInCrm({ accountValue: 5 });
    await eventuallyHas(crm, id, null);
    expect(await support.find(id)).toBeNull();
    expect(await company.server.read(`{ customer(id: "${id}") { name } }`)).toEqual({
      customer: null,
    });
    const [made, undone] = await eventsOf(id);
    expect([made, undone]).toMatchObject([
      { type: 'CustomerCreated', origin: 'crm' },
      { type: 'CustomerDeleted', reverses: made?.id, version: 2 },
    ]);
    const { saga } = (await company.server.read(
      `{ saga(event: "${made?.id}") { state vetoedBy reason compensation } }`,
    )) as { readonly saga: object };
    expect(saga).toEqual({
      state: 'COMPENSATED',
      vetoedBy: 'support',
      reason: `Support can send no mail to ${email}.`,
      compensation: undone?.id,
    });
  });

  it('a change that support refuses is taken back, and all is as it was', async () => {
    const id = await makeInCrm({ accountValue: 5 });
    await eventuallyHas(support, id, client(id));
    await change(`updateCustomer(input: { id: "${id}", email: "${id}@nowhere.invalid" })`);
    await eventually(async () => {
      const { customer } = await company.server.read(
        `{ customer(id: "${id}") { email identityVersion } }`,
      );
      expect(customer).toEqual({ email, identityVersion: 3 });
    });
    // The CRM may have seen the change, and sees that it was undone.
    await eventually(async () => expect(await deliveredTo(crm)).toBe(true));
    expect(await crm.find(id)).toEqual(account(id, { accountValue: 5 }));
    expect(await support.find(id)).toEqual(client(id));
  });

  it('the CRM asks support with base data only, and support asks nobody', async () => {
    const id = await makeInCrm({ accountValue: 123_456 });
    await eventuallyHas(support, id, client(id));
    await support.send('PUT', `/customers/${id}/tier`, { tier: 'PLATINUM' });
    const before = company.requestsToSupport.length;
    // All of them run in this process: what any of them fetches is seen here.
    const fetched = vi.spyOn(globalThis, 'fetch');
    const answer = await fetch(`${crm.url}/customers/${id}/service`);
    const addresses = fetched.mock.calls.map(([address]) => String(address));
    fetched.mockRestore();
    expect(await answer.json()).toEqual(
      account(id, { accountValue: 123_456, service: { tier: 'PLATINUM', openTickets: [] } }),
    );
    const requests = company.requestsToSupport.slice(before);
    expect(requests.map(({ path, body }) => [path, JSON.parse(body) as unknown])).toEqual([
      ['/service-level', { id, name, email }],
    ]);
    expect(JSON.stringify(requests)).not.toContain(crm.apiKey);
    expect(addresses).toHaveLength(3);
    expect(addresses.at(-1)).toBe(`${support.url}/service-level`);
  });

  it('two that make the same customer at once get one, and both are told', async () => {
    const [fromCrm, elsewhere] = await Promise.all([
      crm.send('POST', '/customers', { name, email, accountValue: 3 }),
      company.server.mutate(
        `done: createCustomer(input: { name: "${name}", email: "${email.toUpperCase()}" }) { customer { id } errors { code field } }`,
      ),
    ]);
    const id = String(fromCrm.json['id']);
    expect(elsewhere['done']?.customer).toEqual({ id });
    expect(await crm.find(id)).toMatchObject({ id, accountValue: 3 });
    await eventually(async () => expect(await support.find(id)).toMatchObject({ id }));
    expect(
      (await support.list()).filter((one) => String(one['email']).toLowerCase() === email),
    ).toHaveLength(1);
  });

  it('two that tell of the same customer under ids of their own hear which one it is', async () => {
    const event = { type: 'CustomerCreated', data: { name, email } };
    const ids = [`${name}-crm`, `${name}-desk`];
    const outcomes = (await Promise.all([
      sendEvent(crm, { ...event, id: `${name}1`, subject: ids[0] }),
      sendEvent(support, { ...event, id: `${name}2`, subject: ids[1] }),
    ])) as readonly { readonly status: string; readonly subject: string }[];
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['done', 'joined']);
    const [winner] = outcomes.map(({ subject }) => subject);
    expect(outcomes.map(({ subject }) => subject)).toEqual([winner, winner]);
    const loser = ids.find((id) => id !== winner);
    expect(
      await company.server.read(
        `{ a: customer(id: "${ids[0]}") { id } b: customer(id: "${ids[1]}") { id } }`,
      ),
    ).toEqual({ a: { id: winner }, b: { id: winner } });
    const [gone] = await eventsOf(loser ?? '');
    expect(gone).toMatchObject({ type: 'CustomerDeleted', data: { mergedInto: winner } });
    const other = winner === ids[0] ? support : crm;
    await eventually(async () => expect(await other.find(winner ?? '')).toMatchObject({ email }));
  });

  it('a tool that was away gets what it missed, and has what it knew', async () => {
    const known = await makeElsewhere();
    await eventuallyHas(support, known, client(known));
    await support.send('PUT', `/customers/${known}/tier`, { tier: 'SILVER' });
    await support.stop();
    await change(`updateCustomer(input: { id: "${known}", name: "${name} later" })`);
    const [firstName, firstEmail] = [`${name} later`, email];
    [name, email] = [`${name}b`, `b${email}`];
    const missed = await makeElsewhere();
    await eventuallyHas(crm, missed, account(missed));
    await support.start();
    await eventuallyHas(support, missed, client(missed));
    [name, email] = [firstName, firstEmail];
    await eventuallyHas(support, known, client(known, { tier: 'SILVER' }));
  });

  it('a server that was restarted goes on where it was', async () => {
    await support.stop();
    const waiting = await makeInCrm({ accountValue: 1 });
    const waitingClient = client(waiting);
    await company.stopServer();
    await support.start();
    const refused = await crm.send('POST', '/customers', { name: 'X', email: 'x@mail.example' });
    expect(refused.status).toBe(502);
    await company.startServer();
    await eventuallyHas(support, waiting, waitingClient);
    [name, email] = [`${name}b`, `b${email}`];
    const made = await makeInCrm();
    await eventuallyHas(support, made, client(made));
  });

  it('a new subscriber gets all customers that there are, then what happens, each once', async () => {
    const before = await customersNow();
    const late = await company.supportDesk({ name: 'late', withSnapshot: true });
    const id = await makeInCrm();
    await eventuallyHas(late, id, client(id));
    await eventually(async () => expect(await late.list()).toHaveLength(before.length + 1));
    expect((await late.list()).map((one) => String(one['id'])).toSorted()).toEqual(
      [...before, id].toSorted(),
    );
    // Those of the seed too, of which no event ever told.
    expect(before).toContain('EVE');
  });

  interface Told {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
  }

  async function eventsOf(subject: string): Promise<readonly Told[]> {
    const { events } = (await company.server.read(
      '{ events(first: 1000) { nodes { id type subject origin version reverses data } } }',
    )) as { readonly events: { readonly nodes: readonly Told[] } };
    return events.nodes.filter((event) => event.subject === subject);
  }

  async function deliveredTo(tool: Tool): Promise<boolean> {
    const { eventSubscriber } = (await company.server.read(
      `{ eventSubscriber(id: "${tool.subscriber}") { backlog } }`,
    )) as { readonly eventSubscriber: { readonly backlog: number } };
    return eventSubscriber.backlog === 0;
  }

  async function customersNow(): Promise<readonly string[]> {
    const { customers } = (await company.server.read(
      '{ customers(first: 1000) { nodes { id } } }',
    )) as { readonly customers: { readonly nodes: readonly { readonly id: string }[] } };
    return customers.nodes.map(({ id }) => id);
  }
});
