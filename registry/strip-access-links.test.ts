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
});
