import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadInGateway } from '../hub/testing/load-in-gateway.ts';
import { compose } from './compose.ts';
import { prepareSupergraph } from './prepare-supergraph.ts';

const head =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@inaccessible"])';

function composeAll(subgraphs: Readonly<Record<string, string>>): string {
  const all = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}.example`,
    sdl: `${head}\n${sdl}`,
  }));
  return compose({ subgraphs: all }).supergraphSdl;
}

const stock =
  'type Query { item: Item } type Item @key(fields: "id") { id: ID!  price(in: String): Int }';
const tax =
  'type Item @key(fields: "id") { id: ID!  price(in: String): Int @external  tax: Int @requires(fields: "price(in: \\"EUR\\")") }';
describe('a supergraph that is prepared', () => {
  it('stays as it is, to the letter, where there is nothing to mend', () => {
    const sdl = readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8');
    expect(prepareSupergraph(sdl)).toMatchObject({
      supergraphSdl: sdl,
      twins: { byName: new Map() },
    });
  });

  it('has a twin for what is required with arguments, without a name that it had before', () => {
    const taken = `${stock} type Other { price__with_0: Int }`.replace(
      'item: Item',
      'item: Item  other: Other',
    );
    const { supergraphSdl, twins } = prepareSupergraph(composeAll({ stock: taken, tax }));
    expect([...twins.byName]).toMatchObject([['price__with__0', { field: 'price' }]]);
    expect(twins.requiredBy.get('tax')).toEqual(
      new Map([['Item.tax', new Set(['price__with__0'])]]),
    );
    expect(supergraphSdl).toContain('requires: "price__with__0"');
    expect(supergraphSdl).toMatch(/price__with__0: Int .*@inaccessible/);
  });

  it('calls @inaccessible as the supergraph does', async () => {
    const foreign = composeAll({
      stock: stock.replace('price(', 'cost: Int @inaccessible  price('),
      tax,
    })
      .replaceAll('@inaccessible', '@hidden')
      .replace('inaccessible/v0.2"', 'inaccessible/v0.2", as: "hidden"');
    const { supergraphSdl } = prepareSupergraph(foreign);
    expect(supergraphSdl).toMatch(/price__with_0: Int .*@hidden/);
    await loadInGateway(supergraphSdl);
  });

  it('may have contexts, also under another name, whose sources with arguments have twins', async () => {
    const shop = `type Query { shop: Shop } type Shop @key(fields: "id") @context(name: "shop") {
        id: ID!  rate(of: String): Int  line: Line
      }
      type Line @key(fields: "id") { id: ID!  price(rate: Int @fromContext(field: "$shop { rate(of: \\"USD\\") }")): Int }`;
    const sdl = compose({
      subgraphs: [
        {
          name: 'shop',
          url: 'http://shop.example',
          sdl: `${head.replace('"@key"', '"@key", "@context", "@fromContext"')}\n${shop}`,
        },
      ],
    }).supergraphSdl;
    const renamed = sdl
      .replaceAll('@context(', '@scope(')
      .replaceAll('context__', 'scope__')
      .replace('context/v0.1"', 'context/v0.1", as: "scope"');
    for (const one of [sdl, renamed]) {
      const { supergraphSdl, twins } = prepareSupergraph(one);
      expect([...twins.byName]).toMatchObject([['rate__with_0', { field: 'rate' }]]);
      expect(supergraphSdl).toContain('selection: "{ rate__with_0 }"');
      expect(supergraphSdl).not.toMatch(/context\/v0.1"[^)]*SECURITY/);
      await loadInGateway(supergraphSdl);
    }
  });
});
