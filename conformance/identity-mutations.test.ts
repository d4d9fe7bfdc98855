import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  smallCompany,
  startCompany,
  startCompanyForTest,
  type CompanyServer,
} from './testing/small-company.ts';
import { startProject } from './testing/start-project.ts';

const errors = 'errors { code message field }';
const withCustomer = `customer { id name email createdBy } version ${errors}`;

describe.each([true, false])('mutations of customers, with the hub switched to %s', (hub) => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let project: ProjectFolder;
  let company: CompanyServer;
  let crm: Readonly<Record<string, string>>;
  let run = 0;
  /** An address, or an id, that no test before had. */
  let fresh: string;

  const options = () => ({
    projectDirectory: project.directory,
    dataDirectory: folders.data,
    flags: { graph: { hub } },
  });
  const create = (input: string, headers = crm) =>
    company
      .mutate(`done: createCustomer(input: { ${input} }) { ${withCustomer} }`, headers)
      .then(({ done }) => done);
  const update = (input: string) =>
    company
      .mutate(`done: updateCustomer(input: { ${input} }) { ${withCustomer} }`, crm)
      .then(({ done }) => done);
  const remove = (input: string) =>
    company
      .mutate(
        `done: deleteCustomer(input: { ${input} }) { customer { id } deletedId version ${errors} }`,
        crm,
      )
      .then(({ done }) => done);

  beforeAll(async () => {
    project = smallCompany(folders.project);
    company = await startCompany(options());
    crm = await company.keyOf('crm');
  });
  afterAll(() => company.server.close());
  beforeEach(() => {
    fresh = `n${run++}`;
  });

  it('make, change and remove a customer, and say what they did', async () => {
    const made = await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    const customer = { id: fresh, name: 'Cy', email: `${fresh}@mail.example`, createdBy: 'crm' };
    expect(made).toEqual({ customer, version: 1, errors: [] });
    expect(await update(`id: "${fresh}", name: "Cyan"`)).toEqual({
      customer: { ...customer, name: 'Cyan' },
      version: 2,
      errors: [],
    });
    expect(await remove(`id: "${fresh}"`)).toEqual({
      customer: null,
      deletedId: fresh,
      version: 3,
      errors: [],
    });
    expect(await company.read(`{ customer(id: "${fresh}") { name } }`)).toEqual({ customer: null });
  });

  it('make up the id of a customer that comes without one', async () => {
    const made = await create(`name: "Cy", email: "${fresh}@mail.example"`);
    expect(made?.customer?.['id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answer a change that changes nothing with the version that there is', async () => {
    await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    expect(await update(`id: "${fresh}", name: "Cy"`)).toMatchObject({ version: 1, errors: [] });
    expect(await update(`id: "${fresh}"`)).toMatchObject({ version: 1, errors: [] });
  });

  it.each([
    ['name: "", email: "x@mail.example"', 'REQUIRED', 'name'],
    ['name: "  ", email: "x@mail.example"', 'REQUIRED', 'name'],
    ['name: "X", email: "nobody"', 'INVALID', 'email'],
    ['name: "X", email: "a@b@c"', 'INVALID', 'email'],
    ['name: "a\\u0000b", email: "x@mail.example"', 'INVALID', 'name'],
    ['id: "BOB", name: "X", email: "x@mail.example"', 'EXISTS', 'id'],
  ])('refuse a customer with %s by its field', async (input, code, field) => {
    const made = await create(input);
    expect(made?.errors).toMatchObject([{ code, field }]);
    expect(made?.errors?.[0]?.message).not.toBe('');
    const isShown = code === 'EXISTS' && made?.customer !== null;
    if (!isShown) expect(made).toMatchObject({ customer: null });
    expect(await company.read('{ customer(id: "BOB") { name } }')).toEqual({
      customer: { name: 'Bob' },
    });
  });

  it('name every field that is wrong at once', async () => {
    const made = await create('name: "", email: "nobody"');
    expect(made?.errors?.map(({ field }) => field).toSorted()).toEqual(['email', 'name']);
  });

  it('give the customer that is there to who makes one with the same address', async () => {
    const made = await create('name: "Bobby", email: " BOB@Mail.example "');
    expect(made).toMatchObject({
      customer: { id: 'BOB', name: 'Bob' },
      version: 1,
      errors: [{ code: 'EXISTS', field: 'email' }],
    });
  });

  it('refuse an address that another customer has', async () => {
    await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    expect(await update(`id: "${fresh}", email: "BOB@mail.example"`)).toMatchObject({
      customer: null,
      errors: [{ code: 'EXISTS', field: 'email' }],
    });
    // One that only looks different is no other address.
    expect(await update(`id: "${fresh}", email: "${fresh}@MAIL.example"`)).toMatchObject({
      version: 2,
      errors: [],
    });
  });

  it('say when there is no such customer', async () => {
    const nobody = { customer: null, version: null };
    const problems = [{ code: 'NOT_FOUND', field: 'id' }];
    expect(await update('id: "nobody", name: "X"')).toMatchObject({ ...nobody, errors: problems });
    expect(await remove('id: "nobody"')).toMatchObject({
      ...nobody,
      deletedId: null,
      errors: problems,
    });
    expect(await update('id: "", name: "X"')).toMatchObject({
      errors: [{ code: 'REQUIRED', field: 'id' }],
    });
  });

  it('change nothing of a version that the caller has not seen', async () => {
    await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    await update(`id: "${fresh}", name: "Cyan", expectedVersion: 1`);
    const conflict = [{ code: 'VERSION_CONFLICT', field: 'expectedVersion' }];
    expect(await update(`id: "${fresh}", name: "Cyril", expectedVersion: 1`)).toMatchObject({
      customer: null,
      version: 2,
      errors: conflict,
    });
    expect(await remove(`id: "${fresh}", expectedVersion: 1`)).toMatchObject({
      deletedId: null,
      errors: conflict,
    });
    expect(await company.read(`{ customer(id: "${fresh}") { name identityVersion } }`)).toEqual({
      customer: { name: 'Cyan', identityVersion: 2 },
    });
  });

  it('let one of many win that have all seen the same version', async () => {
    await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        update(`id: "${fresh}", name: "Cy ${n}", expectedVersion: 1`),
      ),
    );
    const winners = tries.filter((one) => one?.errors?.length === 0);
    expect(winners).toHaveLength(1);
    expect(await company.read(`{ customer(id: "${fresh}") { name identityVersion } }`)).toEqual({
      customer: { name: winners[0]?.customer?.['name'], identityVersion: 2 },
    });
  });

  it('are carried out once for each idempotency key of a caller, however often they come', async () => {
    const input = `name: "Cy", email: "${fresh}@mail.example", idempotencyKey: "${fresh}"`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ version: 1, errors: [] });
    expect(
      await create(`name: "Di", email: "${fresh}@mail.example", idempotencyKey: "${fresh}"`),
    ).toMatchObject({
      errors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }],
    });
    // The key of another caller is another key.
    const desk = await company.keyOf('desk');
    expect(await create(input, desk)).toMatchObject({ errors: [{ code: 'EXISTS' }] });
  });

  it('remember idempotency keys over a restart, and all that they did', async () => {
    const input = `id: "${fresh}", name: "Cy", email: "${fresh}@mail.example", idempotencyKey: "${fresh}"`;
    const first = await create(input);
    await company.server.close();
    company = await startCompany(options());
    expect(await create(input)).toEqual(first);
    expect(
      await company.read(`{ customer(id: "${fresh}") { name createdBy identityVersion } }`),
    ).toEqual({ customer: { name: 'Cy', createdBy: 'crm', identityVersion: 1 } });
  });

  it.each([
    ['createCustomer(input: { name: "X", email: "x@mail.example", createdBy: "me" })', 'createdBy'],
    [
      'createCustomer(input: { name: "X", email: "x@mail.example", createdAt: "2020-01-01T00:00:00Z" })',
      'createdAt',
    ],
    [
      'createCustomer(input: { name: "X", email: "x@mail.example", supportTier: GOLD })',
      'supportTier',
    ],
    ['updateCustomer(input: { id: "BOB", updatedAt: "2020-01-01T00:00:00Z" })', 'updatedAt'],
    ['updateCustomer(input: { id: "BOB", accountValue: 1 })', 'accountValue'],
    ['deleteCustomer(input: { id: "BOB", cascade: true })', 'cascade'],
    ['mergeCustomers(input: { winnerId: "ADA", loserId: "BOB", keep: "BOB" })', 'keep'],
  ])('take base data only: %s', async (field, name) => {
    const answer = await company.ask(`mutation { ${field} { version } }`, {}, crm);
    expect(answer).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringContaining(`"${name}"`),
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
    const variables = await company.ask(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { version } }',
      { input: { name: 'X', email: 'x@mail.example', createdBy: 'me' } },
    );
    expect(variables.errors?.[0]?.message).toContain('createdBy');
    expect(await company.read('{ customer(id: "BOB") { name } }')).toEqual({
      customer: { name: 'Bob' },
    });
  });

  it('name the caller as who made a customer and who sent its events', async () => {
    await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    await create(`id: "${fresh}b", name: "Cy", email: "${fresh}b@mail.example"`, {});
    const both = await company.read(
      `{ a: customer(id: "${fresh}") { createdBy } b: customer(id: "${fresh}b") { createdBy } }`,
    );
    expect(both).toEqual({ a: { createdBy: 'crm' }, b: { createdBy: 'local' } });
    const { events } = (await company.read(
      '{ events(first: 1000) { nodes { subject origin } } }',
    )) as {
      readonly events: { readonly nodes: readonly { readonly subject: string }[] };
    };
    expect(events.nodes.filter(({ subject }) => subject.startsWith(fresh))).toEqual([
      { subject: fresh, origin: 'crm' },
      { subject: `${fresh}b`, origin: 'local' },
    ]);
  });

  it('set the times themselves, and leave that of making as it is', async () => {
    const before = Date.now();
    await create(`id: "${fresh}", name: "Cy", email: "${fresh}@mail.example"`);
    await update(`id: "${fresh}", name: "Cyan"`);
    const { customer } = (await company.read(
      `{ customer(id: "${fresh}") { createdAt updatedAt createdBy } }`,
    )) as { readonly customer: { readonly createdAt: string; readonly updatedAt: string } };
    expect(Date.parse(customer.createdAt)).toBeGreaterThanOrEqual(before - 1);
    expect(customer.updatedAt > customer.createdAt).toBe(true);
    expect(Date.parse(customer.updatedAt)).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('of one request are carried out in their order, and each sees what those before it did', async () => {
    const mail = `${fresh}@mail.example`;
    const done = await company.mutate(
      `made: createCustomer(input: { id: "${fresh}", name: "One", email: "${mail}" }) { customer { name salesRep invoices { id } } }
       renamed: updateCustomer(input: { id: "${fresh}", name: "Two", expectedVersion: 1 }) { customer { name email } version }
       again: createCustomer(input: { name: "Three", email: "${mail}" }) { customer { id name } ${errors} }
       gone: deleteCustomer(input: { id: "${fresh}" }) { deletedId }
       nobody: updateCustomer(input: { id: "${fresh}", name: "Four" }) { customer { name } ${errors} }
       back: createCustomer(input: { id: "${fresh}", name: "Five", email: "${mail}" }) { customer { name } version }`,
      crm,
    );
    expect(done).toMatchObject({
      made: { customer: { name: 'One', salesRep: null, invoices: [] } },
      renamed: { customer: { name: 'Two', email: mail }, version: 2 },
      again: { customer: { id: fresh, name: 'Two' }, errors: [{ code: 'EXISTS' }] },
      gone: { deletedId: fresh },
      nobody: { customer: null, errors: [{ code: 'NOT_FOUND' }] },
      back: { customer: { name: 'Five' }, version: 4 },
    });
  });

  it('show what every domain knows of the customer that they changed', async () => {
    const { done } = await company.mutate(
      `done: updateCustomer(input: { id: "BOB", name: "Robert" }) {
        customer { name accountValue supportTier vatNumber creditLimit invoices { id customer { name } } } }`,
    );
    await update('id: "BOB", name: "Bob"');
    expect(done).toEqual({
      customer: {
        name: 'Robert',
        accountValue: 200,
        supportTier: 'SILVER',
        vatNumber: 'DE2',
        creditLimit: 50,
        invoices: [{ id: 'I3', customer: { name: 'Robert' } }],
      },
    });
  });
});

it('lists, filters and figures of the hub see a change as soon as it is answered', async () => {
  const project = smallCompany(tempFolder());
  const company = await startCompanyForTest({
    projectDirectory: project.directory,
    dataDirectory: tempFolder(),
  });
  const question = `{ customers(where: { name: { startsWith: "Z" } }, orderBy: [{ name: ASC }]) { totalCount nodes { name } }
    customersAggregate(where: { name: { startsWith: "Z" } }, groupBy: [{ field: createdBy }]) { keys { createdBy } count } }`;
  for (let n = 0; n < 20; n++) {
    const { done } = await company.mutate(
      `done: createCustomer(input: { name: "Z${String(n).padStart(2, '0')}", email: "z${n}@mail.example" }) { customer { id } }`,
    );
    const { customers, customersAggregate } = (await company.read(question)) as Record<
      string,
      { readonly totalCount: number; readonly nodes: readonly { readonly name: string }[] }
    >;
    expect(customers?.totalCount).toBe(n + 1);
    expect(customers?.nodes.at(-1)?.name).toBe(`Z${String(n).padStart(2, '0')}`);
    expect(customersAggregate).toEqual([{ keys: { createdBy: 'local' }, count: n + 1 }]);
    if (n % 5 !== 4) continue;
    const id = String(done?.customer?.['id']);
    await company.mutate(`done: updateCustomer(input: { id: "${id}", name: "Y" }) { version }`);
    expect(await company.read(question)).toMatchObject({ customers: { totalCount: n } });
    await company.mutate(`done: deleteCustomer(input: { id: "${id}" }) { version }`);
    expect(
      await company.read('{ customers(where: { name: { eq: "Y" } }) { totalCount } }'),
    ).toEqual({ customers: { totalCount: 0 } });
    await company.mutate(
      `done: createCustomer(input: { id: "${id}", name: "Z${String(n).padStart(2, '0')}", email: "z${n}@mail.example" }) { version }`,
    );
  }
});

it.each([
  ['createdBy: String', 'it has the field createdBy'],
  ['supportTier: String', 'supportTier'],
])('a domain whose input has more than base data is refused at the start: %s', async (field) => {
  const project = smallCompany(tempFolder());
  project.edit(
    'subgraphs/identity/schema.graphql',
    'input CreateCustomerInput {\n',
    `input CreateCustomerInput {\n  "More."\n  ${field}\n`,
  );
  await expect(startProject({ projectDirectory: project.directory })).rejects.toMatchObject({
    code: 'MUTATION_SHAPE_INVALID',
    message: expect.stringContaining(field.split(':')[0] ?? ''),
  });
});
