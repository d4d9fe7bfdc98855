import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { shopProject } from './testing/shop-project.ts';
import { startCompany, type CompanyServer } from './testing/small-company.ts';
import { startProject } from './testing/start-project.ts';

const errors = 'errors { code field }';

describe.each([true, false])(
  'entities that are no customers, with the hub switched to %s',
  (hub) => {
    const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
    let company: CompanyServer;
    let desk: Readonly<Record<string, string>>;

    const mutate = (field: string) => company.mutate(field, desk);
    const post = async (path: string, type: string, body: string) => {
      const headers = { 'content-type': type, ...desk };
      const response = await fetch(`${company.server.url}${path}`, {
        method: 'POST',
        headers,
        body,
      });
      return (await response.json()) as Readonly<Record<string, unknown>>;
    };
    const push = (path: string, ...rows: readonly object[]) =>
      post(
        `/sync/${path}`,
        'application/x-ndjson',
        rows.map((row) => JSON.stringify(row)).join('\n'),
      );
    const send = (event: object) =>
      post(
        '/events',
        'application/cloudevents+json',
        JSON.stringify({ specversion: '1.0', source: '/tool', ...event }),
      );

    beforeAll(async () => {
      company = await startCompany({
        projectDirectory: shopProject(folders.project).directory,
        dataDirectory: folders.data,
        flags: { graph: { hub } },
      });
      desk = await company.keyOf('desk');
    });
    afterAll(() => company.server.close());

    it('are made with values of all kinds, and get the rows that waited for them', async () => {
      await push('stock/product', { article: 'B1', on_hand: 3 });
      await push('stock/movement', { id: 'M1', article: 'B1', pieces: 3 });
      const { done } = await mutate(
        `done: createProduct(input: { sku: "B1", title: "The Book", price: "12345678901234.5678", kind: BOOK, releasedOn: "2026-02-28" }) {
        thing { sku title kind releasedOn updatedBy onHand movements { id pieces product { title } } } version ${errors} }`,
      );
      expect(done).toEqual({
        thing: {
          sku: 'B1',
          title: 'The Book',
          kind: 'BOOK',
          releasedOn: '2026-02-28',
          updatedBy: 'desk',
          onHand: 3,
          movements: [{ id: 'M1', pieces: 3, product: { title: 'The Book' } }],
        },
        version: 1,
        errors: [],
      });
      const exact = await company.ask(
        '{ product(sku: "B1") { price } }',
        {},
        { 'x-tributary-decimals': 'string' },
      );
      expect(exact.data).toEqual({ product: { price: '12345678901234.5678' } });
    });

    it('are the same where their text is, but for blanks, capitals and how it is encoded', async () => {
      const { done } = await mutate(
        `done: createProduct(input: { title: "  the   BOOK " }) { thing { sku } ${errors} }
       cafe: createProduct(input: { sku: "C1", title: "Café" }) { thing { sku } ${errors} }
       same: createProduct(input: { title: "CAFE\\u0301" }) { thing { sku } ${errors} }
       other: createProduct(input: { sku: "C2", title: "Cafe" }) { thing { sku } ${errors} }`,
      ).then((fields) => ({ done: fields }));
      const exists = [{ code: 'EXISTS', field: 'title' }];
      expect(done).toEqual({
        done: { thing: { sku: 'B1' }, errors: exists },
        cafe: { thing: { sku: 'C1' }, errors: [] },
        same: { thing: { sku: 'C1' }, errors: exists },
        other: { thing: { sku: 'C2' }, errors: [] },
      });
    });

    it('change, lose a value, and go', async () => {
      const { done, wrong } = await mutate(
        `done: updateProduct(input: { sku: "B1", price: null, kind: GAME, expectedVersion: 1 }) { thing { title price kind } version ${errors} }
       wrong: updateProduct(input: { sku: "B1", title: null }) { version ${errors} }`,
      );
      expect(done).toEqual({
        thing: { title: 'The Book', price: null, kind: 'GAME' },
        version: 2,
        errors: [],
      });
      expect(wrong).toMatchObject({ errors: [{ code: 'REQUIRED', field: 'title' }] });
      expect(
        await mutate('done: deleteProduct(input: { sku: "C2" }) { deletedId version }'),
      ).toEqual({
        done: { deletedId: 'C2', version: 2 },
      });
    });

    it('are merged by their own key', async () => {
      await push('stock/product', { article: 'C1', on_hand: 9 });
      await push('stock/movement', { id: 'M2', article: 'C1', pieces: 9 });
      expect(
        await mutate(
          `done: mergeProducts(input: { winnerId: "B1", loserId: "C1" }) { thing { sku onHand movements { id } } ${errors} }`,
        ),
      ).toEqual({
        done: {
          thing: { sku: 'B1', onHand: 3, movements: [{ id: 'M1' }, { id: 'M2' }] },
          errors: [],
        },
      });
      expect(
        await company.read('{ product(sku: "C1") { sku onHand } productDuplicates { value } }'),
      ).toEqual({
        product: { sku: 'B1', onHand: 3 },
        productDuplicates: [],
      });
    });

    it('have events with their names, out and in', async () => {
      const sent = await send({
        id: '1',
        type: 'ProductCreated',
        subject: 'D1',
        data: { title: 'Dice', price: 1.5, kind: 'GAME', onHand: 99 },
      });
      expect(sent).toMatchObject({ status: 'done', subject: 'D1', version: 1 });
      expect(
        await send({ id: '2', type: 'ProductUpdated', subject: 'D1', data: { kind: 'CAR' } }),
      ).toMatchObject({ status: 'refused', problems: [{ code: 'INVALID', field: 'kind' }] });
      expect(await company.read('{ product(sku: "D1") { title price onHand updatedBy } }')).toEqual(
        {
          product: { title: 'Dice', price: 1.5, onHand: 0, updatedBy: 'desk' },
        },
      );
      const { events } = (await company.read(
        '{ events(entity: "Product", types: ["ProductCreated"]) { nodes { type subject data } } }',
      )) as { readonly events: { readonly nodes: readonly object[] } };
      expect(events.nodes.at(-1)).toMatchObject({
        type: 'ProductCreated',
        subject: 'D1',
        data: { sku: 'D1', title: 'Dice', kind: 'GAME' },
      });
    });

    it('may have keys of several fields', async () => {
      await push('takings/shop', { country: 'DE', number: 7, takings: 12.5 });
      const made = await mutate(
        `done: createShop(input: { country: "DE", number: "7", name: "Mitte" }) { shop { country number name createdBy takings } version ${errors} }
       again: createShop(input: { country: "DE", number: "7", name: "Mitte" }) { shop { name } ${errors} }
       other: createShop(input: { country: "FR", number: "7" }) { shop { number name takings } ${errors} }
       wrong: createShop(input: { country: "DE", number: "seven" }) { shop { number } ${errors} }`,
      );
      expect(made).toEqual({
        done: {
          shop: { country: 'DE', number: '7', name: 'Mitte', createdBy: 'desk', takings: 12.5 },
          version: 1,
          errors: [],
        },
        again: { shop: null, errors: [{ code: 'EXISTS', field: 'country' }] },
        other: { shop: { number: '7', name: null, takings: null }, errors: [] },
        wrong: { shop: null, errors: [{ code: 'INVALID', field: 'number' }] },
      });
      const event = { id: '3', type: 'ShopUpdated', subject: '["DE","7"]', data: { name: 'Ost' } };
      expect(await send(event)).toMatchObject({ status: 'done', version: 2 });
      expect(
        await company.read('{ shop(country: "DE", number: "7") { name takings identityVersion } }'),
      ).toEqual({ shop: { name: 'Ost', takings: 12.5, identityVersion: 2 } });
      const gone = await mutate(
        `stale: deleteShop(input: { country: "DE", number: "7", expectedVersion: 1 }) { version ${errors} }
       gone: deleteShop(input: { country: "DE", number: "7", expectedVersion: 2 }) { version ${errors} }`,
      );
      expect(gone).toEqual({
        stale: { version: 2, errors: [{ code: 'VERSION_CONFLICT', field: 'expectedVersion' }] },
        gone: { version: 3, errors: [] },
      });
      const back = await mutate(
        'done: createShop(input: { country: "DE", number: "7" }) { shop { name takings } version }',
      );
      expect(back).toEqual({ done: { shop: { name: null, takings: 12.5 }, version: 4 } });
      const { events } = (await company.read(
        '{ events(entity: "Shop") { nodes { type subject data } } }',
      )) as { readonly events: { readonly nodes: readonly object[] } };
      expect(events.nodes.at(-1)).toMatchObject({
        subject: '["DE","7"]',
        data: { country: 'DE', number: '7' },
      });
    });

    if (hub)
      it('are in lists and figures at once', async () => {
        const question = `{ products(where: { kind: { eq: GAME } }, orderBy: [{ title: DESC }]) { nodes { sku } }
        productsAggregate(groupBy: [{ field: kind }]) { keys { kind } count sum { onHand } } }`;
        expect(await company.read(question)).toEqual({
          products: { nodes: [{ sku: 'B1' }, { sku: 'D1' }] },
          productsAggregate: [{ keys: { kind: 'GAME' }, count: 2, sum: { onHand: 3 } }],
        });
      });
  },
);

it('a merge by keys of several fields is refused at the start', async () => {
  const project: ProjectFolder = shopProject(tempFolder());
  const schema = 'subgraphs/places/schema.graphql';
  project.edit(
    schema,
    'type Mutation {\n',
    'input ShopMerge { winnerId: ID! loserId: ID! }\ntype Mutation {\n  mergeShops(input: ShopMerge!): ShopResult!\n',
  );
  await expect(startProject({ projectDirectory: project.directory })).rejects.toMatchObject({
    code: 'MUTATION_SHAPE_INVALID',
    message: expect.stringContaining('mergeShops'),
  });
});
