import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import type { Domain } from '../mapping/model.ts';
import { readDomain } from '../mapping/read-domain.ts';
import { loadResolvers } from './load-resolvers.ts';
import type { ResolverModule } from './resolver-module.ts';
import { committedSchema } from './testing/subgraph-harness.ts';

const schema = `
  type Item @key(fields: "id") @table { id: ID! size: Int label: String @computed price: Price @computed }
  type Price { amount: Int }
  interface Thing { id: ID! }
  type Query { item(id: ID!): Item  best: Item @computed }
`;

interface Written {
  readonly domain: Domain;
  readonly folder: string;
}

function write(file: string, text: string, sdl = schema): Written {
  const folder = tempFolder();
  if (text !== '') writeFileSync(join(folder, file), text);
  return { folder, domain: readDomain('stock', sdl, join(folder, 'schema.graphql')) };
}

async function errorOf({ domain }: Written): Promise<TributaryError> {
  const error = await loadResolvers(domain).catch((caught: unknown) => caught);
  if (error instanceof TributaryError) return error;
  throw new Error('The resolvers were loaded.');
}

function call(module: ResolverModule, type: string, field: string): unknown {
  const resolver = module[type]?.[field];
  if (typeof resolver !== 'function') throw new Error(`There is no ${type}.${field}.`);
  return Reflect.apply(resolver, undefined, [{}, {}, {}, {}]);
}

const complete = `
  type Label = string;
  import { word } from './word.ts';
  export default {
    Item: { label: (): Label => word, price: () => ({ amount: 1 }) },
    Price: { amount: () => 2 },
    Thing: { __resolveType: () => 'Item' },
    Query: { best: () => ({ id: 'a' }) },
  };
`;

describe('resolvers beside a schema', () => {
  it.each([
    ['nothing is kept', undefined],
    ['what they became is kept', 'transpiled'],
  ])('are TypeScript, and loaded anew when they or their imports changed: %s', async (_, name) => {
    const { domain, folder } = write('resolvers.ts', complete);
    const kept = name && join(folder, name);
    writeFileSync(join(folder, 'word.ts'), "export const word: string = 'first';");
    expect(call(await loadResolvers(domain, kept), 'Item', 'label')).toBe('first');
    writeFileSync(join(folder, 'word.ts'), "export const word: string = 'second';");
    expect(call(await loadResolvers(domain, kept), 'Item', 'label')).toBe('second');
    writeFileSync(join(folder, 'resolvers.ts'), complete.replace('=> word', "=> 'third'"));
    expect(call(await loadResolvers(domain, kept), 'Item', 'label')).toBe('third');
  });

  it('are transpiled once, and again where what was kept is broken', async () => {
    const { domain, folder } = write('resolvers.ts', complete);
    writeFileSync(join(folder, 'word.ts'), "export const word: string = 'first';");
    const kept = join(folder, 'transpiled');
    const label = async (): Promise<unknown> =>
      call(await loadResolvers(domain, kept), 'Item', 'label');
    await label();
    const file = readdirSync(kept).find((name) => name.includes('word')) ?? '';
    const path = join(kept, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace('first', 'kept'));
    expect(await label()).toBe('kept');
    truncateSync(path, 10);
    expect(await label()).toBe('first');
  });

  it('are loaded where nothing can be kept', async () => {
    const { domain, folder } = write(
      'resolvers.js',
      "export default { Query: { now: () => 'now' } };",
      'type Query { now: String }',
    );
    const noFolder = join(folder, 'resolvers.js');
    expect(call(await loadResolvers(domain, noFolder), 'Query', 'now')).toBe('now');
  });

  it.each(['resolvers.js', 'resolvers.mjs'])('are loaded anew from %s too', async (file) => {
    const sdl = 'type Query { now: String }';
    const { domain, folder } = write(
      file,
      "export default { Query: { now: () => 'first' } };",
      sdl,
    );
    expect(call(await loadResolvers(domain), 'Query', 'now')).toBe('first');
    writeFileSync(join(folder, file), "export default { Query: { now: () => 'second' } };");
    expect(call(await loadResolvers(domain), 'Query', 'now')).toBe('second');
  });

  it('are not needed where nothing is computed', async () => {
    const sdl = 'type Item @key(fields: "id") @table { id: ID! }';
    expect(await loadResolvers(write('resolvers.ts', '', sdl).domain)).toEqual({});
  });

  it('are those of the committed domains', async () => {
    for (const name of ['identity', 'sales', 'support', 'billing']) {
      const domain = readDomain(name, committedSchema(name), `subgraphs/${name}/schema.graphql`);
      const module = await loadResolvers(domain);
      expect(Object.keys(module)).toEqual(name === 'sales' ? ['Customer'] : []);
    }
  });

  it('must be there for every computed field', async () => {
    const missing = await errorOf(write('resolvers.ts', ''));
    expect(missing.code).toBe('RESOLVER_MISSING');
    expect(missing.message).toContain('Item.label of stock is computed, and nothing computes it.');
    expect(missing.at?.line).toBe(2);
    const one = await errorOf(
      write('resolvers.ts', "export default { Item: { label: () => '' } };"),
    );
    expect(one.message).toContain('Item.price');
  });

  it.each([
    ['Item: { lable: () => 1 }', 'Item has no field lable', 'Did you mean "Item.label"?'],
    ['Itm: { label: () => 1 }', 'the schema has no type Itm', 'Did you mean "Item.label"?'],
    ['Item: { size: () => 1 }', 'the lake holds that field', ''],
    ['Query: { item: () => 1 }', 'that field is looked up in the lake', ''],
    ['Item: { __resolveReference: () => 1 }', 'entities of Item are found in the lake', ''],
    ['Thing: { id: () => 1 }', 'Thing is an interface', ''],
    ['Price: { __resolveReference: () => 1 }', 'Price has no key', ''],
    ['Price: { __resolveType: () => 1 }', 'no interface or union', ''],
  ])('must belong to a computed field: %s', async (text, problem, advice) => {
    const error = await errorOf(write('resolvers.ts', `export default { ${text} };`));
    expect(error.code).toBe('RESOLVER_UNKNOWN');
    expect(error.message).toContain(problem);
    expect(error.hint).toContain(advice);
    expect(error.at?.file).toMatch(/resolvers\.ts$/);
  });

  it.each([
    ['export const Item = {};', 'RESOLVERS_NOT_EXPORTED', 'no default export'],
    ['export default () => 1;', 'RESOLVERS_NOT_EXPORTED', 'is no object'],
    ['export default { Item: 1 };', 'RESOLVERS_NOT_EXPORTED', 'Item is no object'],
    [
      'export default { Item: { label: 1 } };',
      'RESOLVERS_NOT_EXPORTED',
      'Item.label is no function',
    ],
    ["throw new Error('no luck');", 'RESOLVERS_FAILED', 'no luck'],
    ['export default {', 'RESOLVERS_FAILED', 'stock'],
    ["import './nowhere.ts';", 'RESOLVERS_FAILED', 'nowhere'],
  ])('must be a module of functions: %s', async (text, code, problem) => {
    const error = await errorOf(write('resolvers.ts', text));
    expect(error.code).toBe(code);
    expect(error.message).toContain(problem);
    expect(error.at?.file).toMatch(/resolvers\.ts$/);
  });

  it('are written as docs/mapping.md shows', async () => {
    const page = readFileSync(new URL('../docs/mapping.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/^```(graphql|ts)\n(.*?)^```$/gms)];
    const place = blocks.findIndex(([, language]) => language === 'ts');
    const [head, sdl, text] = [0, place - 1, place].map((at) => blocks[at]?.[2] ?? '');
    const { domain } = write('resolvers.ts', text ?? '', `${head}\n${sdl}`);
    const { Customer } = await loadResolvers(domain);
    expect(Object.keys(Customer ?? {})).toEqual(['creditLimit', 'rating', 'valueIn']);
  });
});
