import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

type Row = Readonly<Record<string, unknown>>;

/** What becomes of cursors that were cut, changed, made up, or taken to where they do not belong. */
describe('a question', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });
  afterEach(async () => {
    expect(await right('{ customers { totalCount } }')).toEqual({
      customers: { totalCount: 1000 },
    });
  });
  afterAll(() => project.server.close());

  async function right(query: string, variables: Row = {}): Promise<Row> {
    const { status, data, errors } = await project.ask(query, variables);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    return data ?? {};
  }

  describe('with a cursor', () => {
    const sorted = 'orderBy: [{ accountValue: DESC }, { name: ASC }]';
    const orders = [
      sorted,
      'orderBy: [{ accountValue: DESC }]',
      'orderBy: [{ accountValue: ASC }, { name: ASC }]',
      'orderBy: [{ accountValue: DESC_NULLS_FIRST }, { name: ASC }]',
      'orderBy: [{ accountValue: DESC }, { name: DESC }]',
      'orderBy: [{ name: ASC }, { accountValue: DESC }]',
      'orderBy: [{ invoicesAggregate: { sum: { amount: DESC } } }]',
      'orderBy: [{ invoicesAggregate: { max: { amount: DESC } } }]',
      'search: { text: "an" }',
      'search: { text: "ab" }',
      'where: {}',
    ];

    const cursorOf = async (list: string): Promise<string> => {
      const { list: page } = await right(`{ list: ${list} { edges { cursor } } }`);
      return (
        (page as { readonly edges: readonly { readonly cursor: string }[] }).edges[0]?.cursor ?? ''
      );
    };
    const ask = (list: string, cursor: string): Promise<GraphAnswer> =>
      project.ask(`query ($cursor: String) { ${list} }`, { cursor });
    const after = (order: string): string =>
      `customers(${order}, first: 2, after: $cursor) { nodes { id } }`;

    it('of another order, search or list is refused, by every one of them', async () => {
      const cursors = await Promise.all(
        orders.map((order) => cursorOf(`customers(${order}, first: 1)`)),
      );
      expect(new Set(cursors).size).toBe(orders.length);
      for (const [position, cursor] of cursors.entries()) {
        for (const [other, order] of orders.entries()) {
          const answer = await ask(after(order), cursor);
          if (other === position) expect(answer.errors).toBeUndefined();
          else expectRefusal(answer, 200, 'CURSOR_INVALID');
        }
        const lists = [
          'invoices(first: 1, after: $cursor) { totalCount }',
          'customers(first: 1) { nodes { invoicesConnection(after: $cursor) { totalCount } } }',
        ];
        for (const list of lists) expectRefusal(await ask(list, cursor), 200, 'CURSOR_INVALID');
      }
    });

    it('that was cut or changed anywhere is refused', async () => {
      const cursor = await cursorOf(`customers(${sorted}, first: 1)`);
      const cut = [1, 2, 3, 4, 5, 20].map((characters) => cursor.slice(0, -characters));
      const changed = Array.from({ length: cursor.length }, (_, place) => {
        const other = cursor[place] === 'A' ? 'B' : 'A';
        return `${cursor.slice(0, place)}${other}${cursor.slice(place + 1)}`;
      });
      const longer = ['A', 'AAAA', '=', ' ', '\u0000'].map((more) => cursor + more);
      const texts = [...cut, ...changed, ...longer, ` ${cursor}`, 'A'.repeat(900_000)];
      for (const text of texts)
        expectRefusal(await ask(after(sorted), text), 200, 'CURSOR_INVALID');
    });

    it('that somebody made up is a place at most', async () => {
      const [digest] = JSON.parse(
        Buffer.from(await cursorOf(`customers(${sorted}, first: 1)`), 'base64url').toString(
          'utf8',
          5,
        ),
      ) as readonly unknown[];
      const wrong: readonly unknown[] = [
        [digest, "1'; DROP TABLE hub.customer; --", 'x', 'y'],
        [digest, 5, 'x', 'y'],
        [digest, {}, [], null],
        [digest, '-0', 'x', 'y'],
        [digest, 'NaN', 'x', 'y'],
        [digest, '9'.repeat(60), 'x', 'y'],
        [digest, '1'],
        [digest, '1', 'x', 'y', 'z'],
        ['__proto__', '1', 'x', 'y'],
        [],
        {},
        null,
        'text',
        nested('a', 1_000, {}),
      ];
      for (const content of wrong)
        expectRefusal(await ask(after(sorted), forgedCursor(content)), 200, 'CURSOR_INVALID');
      expectRefusal(
        await ask(after(sorted), forgedCursor([digest, '1', 'x', 'y'], 2)),
        200,
        'CURSOR_INVALID',
      );
      const places: readonly unknown[] = [
        [digest, null, null, null],
        [digest, '100', "'; DROP TABLE hub.customer; --", '\u0000'],
        [digest, '-999999999999999999', '\ud800', 'x'.repeat(100_000)],
      ];
      for (const place of places) {
        const { errors } = await ask(after(sorted), forgedCursor(place));
        expect(errors).toBeUndefined();
      }
    });
  });
});

function nested(name: string, times: number, inner: unknown): unknown {
  return times === 0 ? inner : { [name]: nested(name, times - 1, inner) };
}

/** As a cursor is written, with a right checksum. */
function forgedCursor(content: unknown, version = 1): string {
  const body = Buffer.from(JSON.stringify(content));
  const header = Buffer.alloc(5);
  header.writeUInt8(version);
  header.writeUInt32BE(crc32(body), 1);
  return Buffer.concat([header, body]).toString('base64url');
}
