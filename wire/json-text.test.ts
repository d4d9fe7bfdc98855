import { describe, expect, it } from 'vitest';
import { JsonText, stringifyAnswer } from './json-text.ts';

describe('an answer with JSON text in it', () => {
  it('is the answer that the parsed text would make', () => {
    const nodes = '[{"name":"Ann \\"A\\""},{"name":null}]';
    const answer = {
      errors: [{ message: 'one' }],
      data: {
        a: { nodes: new JsonText(nodes), totalCount: 2 },
        b: null,
        c: { nodes: new JsonText('[]') },
      },
    };
    expect(JSON.parse(stringifyAnswer(answer))).toEqual(JSON.parse(JSON.stringify(answer)));
    expect(stringifyAnswer(answer)).toContain(`"nodes":${nodes},"totalCount":2`);
    expect(Object.keys(JSON.parse(stringifyAnswer(answer)) as object)).toEqual(['errors', 'data']);
  });

  it('keeps the order of fields', () => {
    const data = { b: { z: 1, nodes: new JsonText('[1]'), a: 2 }, a: {} };
    expect(stringifyAnswer({ data })).toBe('{"data":{"b":{"z":1,"nodes":[1],"a":2},"a":{}}}');
  });

  it.each([{ data: null }, {}, { data: { a: [1, { b: 2 }], b: 'x' } }])(
    'without any is what JSON.stringify writes: %j',
    (answer) => {
      expect(stringifyAnswer(answer)).toBe(JSON.stringify(answer));
    },
  );
});
