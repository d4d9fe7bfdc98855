import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

describe('a type name under the key of a field of another type', () => {
  const graph = serveRemoteSupergraph({
    pages: {
      sdl: `
        type Query { found: [Found] }
        interface Part { id: ID! }
        union Found = Note | Page
        type Note @key(fields: "id") { id: ID!  text: String! }
        type Page implements Part @key(fields: "id") { id: ID!  parts: [Part!]  count: Int  title: String! }
      `,
      resolvers: {
        Query: {
          found: () => [
            { __typename: 'Note', id: '1', text: 'a' },
            { __typename: 'Page', id: '2', title: 'b', count: 1, parts: [] },
          ],
        },
      },
    },
    media: { sdl: `type Page @key(fields: "id") { id: ID!  pictures: Int }` },
  });

  it.each([
    ['parts { ... on Page { pictures } }', '[Part!]'],
    ['count', 'Int'],
  ])('is refused, as GraphQL demands: %s', async (field, type) => {
    const { status, data, errors } = await graph.ask(
      `{ found { ... on Note { k: __typename } ...F } } fragment F on Page { k: ${field} }`,
    );
    expect([status, data, errors?.length]).toEqual([400, undefined, 1]);
    expect(errors?.[0]?.message).toContain(`they return conflicting types "String!" and "${type}"`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('is answered where the types are one', async () => {
    expect(
      await graph.dataOf('{ found { ... on Note { k: __typename } ... on Page { k: title } } }'),
    ).toEqual({ found: [{ k: 'Note' }, { k: 'b' }] });
  });
});
