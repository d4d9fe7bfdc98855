import { ApolloGateway } from '@apollo/gateway';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { prepareSupergraph } from './prepare-supergraph.ts';

function composeWith(imports: string, sdl: string): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", ${imports}])`;
  return compose({ subgraphs: [{ name: 'a', url: 'http://a', sdl: `${link}\n${sdl}` }] })
    .supergraphSdl;
}

/** Resolves when `@apollo/gateway` accepts the supergraph. */
async function loadIntoGateway(supergraphSdl: string): Promise<void> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({ supergraphSdl, logger: silent });
  await gateway.load();
  await gateway.stop();
}

const guarded = `
  type Query {
    me: User @authenticated
    secret: Secret @requiresScopes(scopes: [["read:a", "read:b"], ["admin"]]) @policy(policies: [["hours"]])
    open: Int
  }
  type User @key(fields: "id") @authenticated { id: ID! mood: Mood }
  enum Mood @requiresScopes(scopes: [["moods"]]) { GOOD BAD }
  scalar Secret @policy(policies: [["p", "q"]])`;

describe('access rules in a supergraph', () => {
  it('are read and taken out, and @apollo/gateway loads what is left', async () => {
    const composed = composeWith('"@authenticated", "@requiresScopes", "@policy"', guarded);
    await expect(loadIntoGateway(composed)).rejects.toThrow('SECURITY');
    const { supergraphSdl, accessRules } = prepareSupergraph(composed);
    await loadIntoGateway(supergraphSdl);
    expect(Object.fromEntries(accessRules)).toEqual({
      'Query.me': { isAuthenticated: true },
      'Query.secret': {
        isAuthenticated: false,
        scopes: [['read:a', 'read:b'], ['admin']],
        policies: [['hours']],
      },
      User: { isAuthenticated: true },
      Mood: { isAuthenticated: false, scopes: [['moods']] },
      Secret: { isAuthenticated: false, policies: [['p', 'q']] },
    });
    expect(supergraphSdl).not.toMatch(/authenticated|requiresScopes|policy/);
  });

  it('are found under the names that the subgraphs gave them', async () => {
    const composed = composeWith(
      '{ name: "@authenticated", as: "@known" }, { name: "@requiresScopes", as: "@scopes" }, { name: "@policy", as: "@rule" }',
      guarded
        .replaceAll('@authenticated', '@known')
        .replaceAll('@requiresScopes', '@scopes')
        .replaceAll('@policy', '@rule'),
    );
    const { supergraphSdl, accessRules } = prepareSupergraph(composed);
    await loadIntoGateway(supergraphSdl);
    expect(accessRules.size).toBe(5);
    expect(accessRules.get('Mood')?.scopes).toEqual([['moods']]);
  });

  it('leave other security features in place', async () => {
    const composed = composeWith(
      '"@authenticated", "@inaccessible", "@tag"',
      'type Query { a: Int @authenticated b: Int @inaccessible c: Int @tag(name: "x") }',
    );
    const { supergraphSdl } = prepareSupergraph(composed);
    await loadIntoGateway(supergraphSdl);
    expect(supergraphSdl).toContain('b: Int @inaccessible');
    expect(supergraphSdl).toContain('c: Int @tag(name: "x")');
  });

  it('are none in a supergraph that declares none, which stays as it is', () => {
    const composed = composeWith('"@tag"', 'type Query { a: Int }');
    const { supergraphSdl, accessRules } = prepareSupergraph(composed);
    expect(supergraphSdl).toBe(composed);
    expect(accessRules).toEqual(new Map());
  });

  it('cannot be read from something that is no schema', () => {
    expect(() => prepareSupergraph('type {', 'given.graphql')).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_SYNTAX',
        at: { file: 'given.graphql', line: 1, column: 6 },
      }),
    );
  });

  it('of an interface alone are those of its types too', () => {
    const composed = composeWith(
      '"@authenticated"',
      `type Query { all: [Tool] }
       interface Tool { price: Int weight: Int }
       type Axe implements Tool { price: Int weight: Int }
       type Saw implements Tool { price: Int @authenticated weight: Int }`,
    );
    const old = composed.replace(
      /interface Tool[^{]*\{[^}]*\}/,
      'interface Tool @join__type(graph: A) { price: Int @authenticated weight: Int @authenticated }',
    );
    const { accessRules } = prepareSupergraph(old);
    expect([...accessRules.keys()].toSorted()).toEqual([
      'Axe.weight',
      'Saw.price',
      'Saw.weight',
      'Tool.price',
      'Tool.weight',
    ]);
  });

  it('may stand in an extension', () => {
    const composed = composeWith(
      '"@authenticated", "@requiresScopes", "@policy"',
      guarded.replace('me: User @authenticated', 'me: User'),
    ).replace('open: Int', 'open: Int other: Int');
    const { accessRules } = prepareSupergraph(
      `${composed}\nextend type User { extra: Int @authenticated }`,
    );
    expect(accessRules.get('User.extra')).toEqual({ isAuthenticated: true });
  });

  it.each([
    ['scopes: [["read:a", "read:b"], ["admin"]]', 'scopes: [[1]]', '1 is no text'],
    ['scopes: [["read:a", "read:b"], ["admin"]]', 'scopes: [["admin", true]]', 'true is no text'],
    ['scopes: [["read:a", "read:b"], ["admin"]]', 'scopes: []', 'empty list of scopes'],
    ['scopes: [["read:a", "read:b"], ["admin"]]', 'scopes: [[]]', 'empty list of scopes'],
    [
      '@policy(policies: [["hours"]])',
      '@policy(policies: [["p"]]) @policy(policies: [["q"]])',
      'twice',
    ],
    [/@link\(url: "https:\/\/specs.apollo.dev\/policy[^)]*\)/, '', 'no @link says what it is'],
  ])('that would be read as less than they say are refused: %s as %s', (from, to, problem) => {
    const composed = composeWith('"@authenticated", "@requiresScopes", "@policy"', guarded);
    const changed = composed.replace(from, to);
    expect(changed).not.toBe(composed);
    expect(() => prepareSupergraph(changed)).toThrow(
      expect.objectContaining({
        code: 'ACCESS_RULE_INVALID',
        message: expect.stringContaining(problem) as string,
      }),
    );
  });
});
