import { describe, expect, it } from 'vitest';
import { JsonText, JsonTexts } from './json-text.ts';

const textOf = (json: string): JsonText => new JsonText(Buffer.from(json));

/** What a server sends of an answer. */
function write(answer: { readonly data?: unknown; readonly errors?: unknown }): string {
  const texts = new JsonTexts();
  const marked = 'data' in answer ? { ...answer, data: texts.take(answer.data) } : answer;
  const body = texts.fill(JSON.stringify(marked));
  return typeof body === 'string' ? body : Buffer.concat(body).toString('utf8');
}

describe('an answer with JSON text in it', () => {
  it('is the answer that the parsed text would make', () => {
    const nodes = '[{"name":"Ann \\"A\\" 慕容 🎈"},{"name":null}]';
    const answer = {
      errors: [{ message: 'one' }],
      data: { a: { nodes: textOf(nodes), totalCount: 2 }, b: null, c: { nodes: textOf('[]') } },
    };
    expect(JSON.parse(write(answer))).toEqual(JSON.parse(JSON.stringify(answer)));
    expect(write(answer)).toContain(`"nodes":${nodes},"totalCount":2`);
    expect(Object.keys(JSON.parse(write(answer)) as object)).toEqual(['errors', 'data']);
  });

  it('keeps the order of fields, and names of any kind', () => {
    const data = { b: { z: 1, nodes: textOf('[1]'), a: 2 }, a: {} };
    expect(write({ data })).toBe('{"data":{"b":{"z":1,"nodes":[1],"a":2},"a":{}}}');
    const odd = Object.fromEntries([['__proto__', textOf('[2]')]]);
    expect(write({ data: { c: odd } })).toBe('{"data":{"c":{"__proto__":[2]}}}');
  });

  it.each([{ data: null }, {}, { data: { a: [1, { b: 2 }], b: 'x' } }])(
    'without any is what JSON.stringify writes: %j',
    (answer) => {
      expect(write(answer)).toBe(JSON.stringify(answer));
    },
  );
});
