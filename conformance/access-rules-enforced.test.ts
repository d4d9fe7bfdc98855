import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKey } from '../access/api-keys.ts';
import { systemClock as clock } from '../foundation/clock.ts';
import { guardedLibrary, changed } from './testing/guarded-library.ts';
import { serveRemoteSupergraph } from './testing/remote-supergraph.ts';
import { TokenIssuer } from './testing/token-issuer.ts';

type Path = readonly (string | number)[];

/** What an error says of a field that was left out. */
function withheld(path: Path, message: unknown = expect.any(String)) {
  const hint = expect.stringContaining('credential');
  return { path, message, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', hint } };
}

describe('a supergraph file with access rules', () => {
  const issuer = new TokenIssuer();
  const graph = serveRemoteSupergraph(guardedLibrary, {
    access: { jwt: { ...issuer.settings, policiesClaim: 'policies' } },
    graph: { explain: 'everyone' },
  });
  const { ask, received, forget } = graph;
  const askAs = async (claims: Readonly<Record<string, unknown>>, query: string) =>
    ask(query, {}, await issuer.headers(claims));
  const askedOf = (): string => JSON.stringify([received('library'), received('reviews')]);

  it('answers a caller without a credential with null and an error where one is asked for', async () => {
    forget();
    const message =
      'Book.notes was left out, since this caller may not read it. Needed: an API key or a token.';
    expect(await ask('{ book(id: "1") { title notes } }')).toEqual({
      status: 200,
      data: { book: { title: 'Dune', notes: null } },
      errors: [withheld(['book', 'notes'], message)],
    });
    expect(askedOf()).not.toMatch(/\bnotes\b/);
    expect(received('reviews')).toEqual([]);
  });

  it('answers whoever has a token, or an API key', async () => {
    const query = '{ book(id: "1") { title notes cost } staff { name } vault { code } }';
    const data = {
      book: { title: 'Dune', notes: ['fine'], cost: '1.50' },
      staff: [{ name: 'Ana' }, { name: 'Bo' }],
      vault: { code: 'x' },
    };
    const { token } = await createKey({ directory: graph.dataDirectory(), name: 'crm', clock });
    expect(await askAs({}, query)).toEqual({ status: 200, data });
    expect(await ask(query, {}, { 'x-api-key': token })).toEqual({ status: 200, data });
  });

  it('asks a field for what its object type, its scalar or its enum asks for', async () => {
    const query = '{ vault { __typename } book(id: "1") { cost grade } }';
    expect(await ask(query)).toEqual({
      status: 200,
      data: { vault: null, book: { cost: null, grade: null } },
      errors: [
        withheld(['vault']),
        withheld(['book', 'cost']),
        withheld(['book', 'grade'], expect.stringMatching(/ Needed: the scope "grades"\.$/)),
      ],
    });
    expect(await askAs({ scope: 'grades' }, query)).toEqual({
      status: 200,
      data: { vault: { __typename: 'Vault' }, book: { cost: '1.50', grade: 'A' } },
    });
  });

  it.each([
    [{ scope: 'read:prices read:books' }, 12],
    [{ scope: ['other', 'admin'] }, 12],
    [{ scp: ['read:prices'], scope: 'read:books' }, 12],
    [{ scp: 'admin' }, 12],
    [{ scope: 'read:prices' }, null],
    [{ scope: 'read:pricesread:books', scp: {} }, null],
    [{ roles: 'admin' }, null],
  ])('reads all scopes of one of several alternatives from a token: %j', async (claims, price) => {
    const { data, errors } = await askAs(claims, '{ book(id: "1") { price } }');
    expect(data).toEqual({ book: { price } });
    const message = expect.stringMatching(
      / Needed: the scopes "read:prices" and "read:books", or "admin"\.$/,
    );
    expect(errors).toEqual(price === null ? [withheld(['book', 'price'], message)] : undefined);
  });

  it('knows no scopes of an API key', async () => {
    const { token } = await createKey({ directory: graph.dataDirectory(), name: 'n8n', clock });
    const answer = await ask('{ book(id: "1") { grade } }', {}, { 'x-api-key': token });
    expect(answer).toMatchObject({ data: { book: { grade: null } } });
    expect(answer.errors).toMatchObject([withheld(['book', 'grade'])]);
  });

  it('reads policies from the claim that a setting names', async () => {
    const query = '{ member(id: "1") { name email } }';
    const email = 'ana@mail.example';
    expect(await askAs({ policies: ['desk', 'open'] }, query)).toMatchObject({
      data: { member: { email } },
    });
    expect(await askAs({ policies: 'self' }, query)).toMatchObject({ data: { member: { email } } });
    expect(await askAs({ policies: ['desk'], scope: 'self open' }, query)).toEqual({
      status: 200,
      data: { member: { name: 'Ana', email: null } },
      errors: [
        withheld(
          ['member', 'email'],
          expect.stringMatching(/ Needed: the policies "self", or "desk" and "open"\.$/),
        ),
      ],
    });
  });

  it('makes null of what holds a field that must not be null', async () => {
    const query = '{ books { title must } member(id: "1") { name books { title must } } }';
    expect(await ask(query)).toEqual({
      status: 200,
      data: null,
      errors: [
        withheld(['books', 0, 'must']),
        withheld(['books', 1, 'must']),
        withheld(['member', 'books', 0, 'must']),
      ],
    });
    expect(
      await ask('{ member(id: "1") { name books { title must } } book(id: "1") { id } }'),
    ).toEqual({
      status: 200,
      data: { member: { name: 'Ana', books: null }, book: { id: '1' } },
      errors: [withheld(['member', 'books', 0, 'must'])],
    });
    expect(await ask('{ shelves { id must } }')).toEqual({
      status: 200,
      data: { shelves: [null, [], null] },
      errors: [withheld(['shelves', 0, 0, 'must']), withheld(['shelves', 0, 1, 'must'])],
    });
    expect(await ask('{ owner { name vault { code } } }')).toEqual({
      status: 200,
      data: null,
      errors: [withheld(['owner', 'vault'])],
    });
    expect(await askAs({ scope: 'must' }, query)).toMatchObject({
      data: { books: [{ must: 1 }, { must: 1 }] },
    });
  });

  it('asks nobody when nothing is left', async () => {
    forget();
    expect(await ask('{ mine: staff { name } vault { code } kind: __typename }')).toEqual({
      status: 200,
      data: { mine: null, vault: null, kind: 'Query' },
      errors: [withheld(['mine']), withheld(['vault'])],
    });
    expect(await ask('{ vault { code } }')).toMatchObject({ data: { vault: null } });
    expect(askedOf()).toBe('[[],[]]');
  });

  it('finds out whether an object is there of which nothing may be read', async () => {
    expect(await ask('{ book(id: "1") { notes } none: book(id: "9") { notes } }')).toEqual({
      status: 200,
      data: { book: { notes: null }, none: null },
      errors: [withheld(['book', 'notes'])],
    });
  });

  it('leaves what a condition excludes without an error', async () => {
    const query =
      'query ($with: Boolean = false) { book(id: "1") { title notes @include(if: $with) ... @skip(if: true) { price } } }';
    expect(await ask(query)).toEqual({ status: 200, data: { book: { title: 'Dune' } } });
    expect(await ask(query, { with: true })).toEqual({
      status: 200,
      data: { book: { title: 'Dune', notes: null } },
      errors: [withheld(['book', 'notes'])],
    });
    expect(await ask(query, { with: null })).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('asks by an interface, with fragments or without, for what every type asks for that is meant', async () => {
    const query = `{
      media { __typename id cost ... on Book { label: title cost notes stars } ...Priced ...Long }
    }
    fragment Priced on Medium { price again: price ... on Disc { price } }
    fragment Long on Disc { length }`;
    const { data, errors } = await ask(query);
    const book = {
      __typename: 'Book',
      cost: null,
      notes: null,
      stars: 5,
      price: null,
      again: null,
    };
    expect(data).toEqual({
      media: [
        { ...book, id: '1', label: 'Dune' },
        { ...book, id: '2', label: 'Emma' },
        { __typename: 'Disc', id: '3', cost: null, price: 20, again: null, length: 70 },
      ],
    });
    expect(errors?.filter(({ path }) => path?.[1] === 2)).toEqual([
      withheld(['media', 2, 'cost']),
      withheld(['media', 2, 'again']),
    ]);
    expect(errors).toHaveLength(10);
    const all = await askAs({ scope: 'admin' }, query);
    expect(all.errors).toBeUndefined();
    expect(all.data).toMatchObject({ media: [{ cost: '1.50', price: 12 }, {}, { cost: '0.80' }] });
  });

  it('withholds the fields of an object that only its type asks for, in a union', async () => {
    const query = '{ things { ... on Medium { title } ... on Vault { code kind: __typename } } }';
    expect(await ask(query)).toEqual({
      status: 200,
      data: {
        things: [
          { title: 'Dune' },
          { title: 'Emma' },
          { title: 'Aria' },
          { code: null, kind: 'Vault' },
        ],
      },
      errors: [withheld(['things', 3, 'code'])],
    });
  });

  it('finds objects by keys that their caller may not read', async () => {
    expect(await ask('{ media { ... on Disc { heard code } } }')).toMatchObject({
      data: { media: [{}, {}, { heard: 3, code: null }] },
      errors: [withheld(['media', 2, 'code'])],
    });
  });

  it('gives no answer of one caller to another', async () => {
    const query = 'query Kept { book(id: "1") { title notes price } }';
    const open = { title: 'Dune', notes: null, price: null };
    const full = { title: 'Dune', notes: ['fine'], price: 12 };
    for (const part of [{}, { scope: 'admin' }, { scope: 'x' }, { scope: 'admin' }]) {
      const price = part.scope === 'admin' ? 12 : null;
      expect((await ask(query)).data).toEqual({ book: open });
      expect((await askAs(part, query)).data).toEqual({ book: { ...full, price } });
    }
    const other = '{ book(id: "2") { title notes } }';
    expect((await askAs({}, other)).data).toEqual({ book: { title: 'Emma', notes: ['fine'] } });
    expect((await ask(other)).data).toEqual({ book: { title: 'Emma', notes: null } });
  });

  it('gives no answer of one caller to another who asks at the same time', async () => {
    const query = '{ book(id: "1") { stars notes price } }';
    const admin = { authorization: `Bearer ${await issuer.sign({ scope: 'admin' })}` };
    const reader = { authorization: `Bearer ${await issuer.sign({})}` };
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        ask(query, {}, [admin, reader, undefined][index % 3]),
      ),
    );
    for (const [index, { data }] of answers.entries()) {
      const [notes, price] =
        [
          [['fine'], 12],
          [['fine'], null],
          [null, null],
        ][index % 3] ?? [];
      expect(data).toEqual({ book: { stars: 5, notes, price } });
    }
  });

  it('tells callers apart by GET, by its entity tags, and by the hash of a query', async () => {
    const query = '{ book(id: "1") { notes } }';
    const parameters = new URLSearchParams({ query });
    const get = (headers: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${graph.url()}/graphql?${parameters}`, { headers });
    const whole = await get(await issuer.headers());
    const part = await get({});
    expect(await whole.json()).toEqual({ data: { book: { notes: ['fine'] } } });
    expect(await part.json()).toMatchObject({ data: { book: { notes: null } } });
    expect(part.headers.get('cache-control')).toBe('private, no-cache');
    const etag = whole.headers.get('etag') ?? '"none"';
    expect((await get({ 'if-none-match': etag })).status).toBe(200);
    const hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    const post = async (body: object, headers: object): Promise<unknown> =>
      (
        await fetch(`${graph.url()}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ extensions, ...body }),
        })
      ).json();
    const notes = { data: { book: { notes: ['fine'] } } };
    expect(await post({ query }, await issuer.headers())).toEqual(notes);
    expect(await post({}, {})).toMatchObject({ data: { book: { notes: null } } });
    expect(await post({}, await issuer.headers())).toEqual(notes);
  });

  it('runs nothing of a mutation whose answer would be null whatever happens', async () => {
    forget();
    const { status, data, errors } = await ask(
      'mutation { browse(id: "1") { title } must(id: "1") }',
    );
    expect([status, data]).toEqual([403, undefined]);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    expect(received('library')).toEqual([]);
  });

  it('does not run a mutation that is withheld, and runs those beside it', async () => {
    changed.length = 0;
    const query = `mutation {
      first: browse(id: "1") { title }
      borrow(id: "1") { title }
      last: browse(id: "2") { title notes }
    }`;
    expect(await ask(query)).toEqual({
      status: 200,
      data: { first: { title: 'Dune' }, borrow: null, last: { title: 'Emma', notes: null } },
      errors: [
        withheld(['borrow'], expect.stringMatching(/^Mutation\.borrow .* the scope "write"\.$/)),
        withheld(['last', 'notes']),
      ],
    });
    expect(await ask('mutation { borrow(id: "1") { title } }')).toMatchObject({
      status: 200,
      data: { borrow: null },
    });
    expect(changed).toEqual(['browse 1', 'browse 2']);
    await askAs({ scope: 'write' }, 'mutation { borrow(id: "1") { title } }');
    expect(changed).toEqual(['browse 1', 'browse 2', 'borrow 1']);
  });

  it('shows fields that it withholds in the schema, also beside data', async () => {
    const query = '{ __type(name: "Vault") { fields { name } } vault { code } }';
    expect(await ask(query)).toMatchObject({
      data: { __type: { fields: [{ name: 'code' }, { name: 'must' }] }, vault: null },
      errors: [withheld(['vault'])],
    });
  });

  it('plans what it withholds in no plan that it explains', async () => {
    const explained = { 'x-tributary-explain': 'true' };
    const query = '{ book(id: "1") { title notes } }';
    const text = JSON.stringify(await ask(query, {}, explained));
    expect(text).toContain('QueryPlan');
    expect(text).not.toContain('reviews');
    const whole = await ask(query, {}, { ...explained, ...(await issuer.headers()) });
    expect(JSON.stringify(whole)).toContain('reviews');
  });
});

describe('a supergraph file with access rules, where errors are to say no more than their code', () => {
  const issuer = new TokenIssuer();
  const { ask } = serveRemoteSupergraph(guardedLibrary, {
    access: { jwt: { ...issuer.settings, policiesClaim: 'policies' } },
    graph: { errorDetail: 'code' },
  });

  it('does not say what a caller lacks', async () => {
    expect((await ask('{ book(id: "1") { grade } }')).errors).toEqual([
      {
        path: ['book', 'grade'],
        message: 'Book.grade was left out, since this caller may not read it.',
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      },
    ]);
  });
});

describe('a supergraph file whose subgraphs call the directives otherwise', () => {
  const issuer = new TokenIssuer();
  const { ask } = serveRemoteSupergraph(
    {
      a: {
        imports: [
          '{ name: "@authenticated", as: "@signedIn" }',
          '{ name: "@requiresScopes", as: "@needs" }',
        ],
        sdl: 'type Query { open: Int mine: Int @signedIn ours: Int @needs(scopes: [["ours"]]) }',
        resolvers: { Query: { open: () => 1, mine: () => 2, ours: () => 3 } },
      },
    },
    { access: { jwt: issuer.settings } },
  );

  it('has the same rules', async () => {
    const query = '{ open mine ours }';
    expect(await ask(query)).toEqual({
      status: 200,
      data: { open: 1, mine: null, ours: null },
      errors: [withheld(['mine']), withheld(['ours'])],
    });
    const headers = await issuer.headers({ scope: 'ours' });
    expect(await ask(query, {}, headers)).toEqual({
      status: 200,
      data: { open: 1, mine: 2, ours: 3 },
    });
  });
});

describe('a supergraph file whose composition left rules out of interfaces', () => {
  const issuer = new TokenIssuer();
  const { ask } = serveRemoteSupergraph(
    guardedLibrary,
    { access: { jwt: { ...issuer.settings, policiesClaim: 'policies' } } },
    (sdl) =>
      sdl.replace(/interface Medium\b[^}]*}/, (text) =>
        text.replace(/ @requiresScopes\(scopes: [^)]*\)/, ''),
      ),
  );

  it('asks by an interface for what any type asks for that an object may have there', async () => {
    const query = `{
      media { price ... on Disc { again: price ...Price } }
    }
    fragment Price on Medium { more: price }`;
    expect(await ask(query)).toEqual({
      status: 200,
      data: {
        media: [{ price: null }, { price: null }, { price: null, again: 20, more: 20 }],
      },
      errors: [0, 1, 2].map((index) => withheld(['media', index, 'price'])),
    });
    expect(await ask('{ media { price ... on Disc { price } } }')).toMatchObject({
      data: { media: [{ price: null }, { price: null }, { price: 20 }] },
    });
  });
});

describe('a supergraph file with a rule for an interface', () => {
  const issuer = new TokenIssuer();
  const { ask } = serveRemoteSupergraph(
    guardedLibrary,
    { access: { jwt: { ...issuer.settings, policiesClaim: 'policies' } } },
    (sdl) => sdl.replace('interface Medium\n', 'interface Medium @authenticated\n'),
  );

  it('asks for it where the interface is returned, and where it is selected of', async () => {
    const query = '{ things { ... on Medium { title } ... on Disc { length } } }';
    expect((await ask(query)).data).toEqual({
      things: [{ title: null }, { title: null }, { title: null, length: null }, {}],
    });
    expect(await ask('{ media { id } }')).toEqual({
      status: 200,
      data: null,
      errors: [withheld(['media'])],
    });
    expect(await ask('{ media { id } }', {}, await issuer.headers())).toMatchObject({
      data: { media: [{ id: '1' }, { id: '2' }, { id: '3' }] },
    });
  });
});

describe('a supergraph file with rules for fields of an interface object', () => {
  const issuer = new TokenIssuer();
  const ids = ['1', '2'];
  const { ask, received, forget } = serveRemoteSupergraph(
    {
      a: {
        sdl: `
          type Query { tools: [Tool] axe: Axe }
          interface Tool @key(fields: "id") { id: ID! }
          type Axe implements Tool @key(fields: "id") { id: ID! edge: Int }
          type Saw implements Tool @key(fields: "id") { id: ID! teeth: Int }`,
        resolvers: {
          Query: { tools: () => ids.map((id) => ({ id })), axe: () => ({ id: '1' }) },
          Tool: {
            __resolveType: ({ id }: { readonly id: string }) => (id === '1' ? 'Axe' : 'Saw'),
          },
          Axe: { edge: () => 1 },
          Saw: { teeth: () => 2 },
        },
      },
      b: {
        imports: ['"@authenticated"'],
        sdl: `
          type Tool @interfaceObject @key(fields: "id") { id: ID! price: Int @authenticated age: Int }`,
        resolvers: { Tool: { price: () => 3, age: () => 4 } },
      },
    },
    { access: { jwt: issuer.settings } },
  );

  it('withholds them of the interface and of each of its types', async () => {
    const query = '{ tools { price age ... on Saw { teeth cost: price } } axe { edge price } }';
    expect(await ask(query)).toEqual({
      status: 200,
      data: {
        tools: [
          { price: null, age: 4 },
          { price: null, age: 4, teeth: 2, cost: null },
        ],
        axe: { edge: 1, price: null },
      },
      errors: [
        withheld(['tools', 0, 'price']),
        withheld(['tools', 1, 'price']),
        withheld(['tools', 1, 'cost']),
        withheld(['axe', 'price']),
      ],
    });
    forget();
    expect((await ask('{ tools { price } axe { edge price } }')).data).toEqual({
      tools: [{ price: null }, { price: null }],
      axe: { edge: 1, price: null },
    });
    expect(received('b')).toEqual([]);
    expect((await ask(query, {}, await issuer.headers())).data).toEqual({
      tools: [
        { price: 3, age: 4 },
        { price: 3, age: 4, teeth: 2, cost: 3 },
      ],
      axe: { edge: 1, price: 3 },
    });
  });
});
