import { describe, expect, it } from 'vitest';
import type { HubOperation } from '../compile/to-intermediate-form.ts';
import { OperationCache } from './operation-cache.ts';

/** A cache that tells what it compiled: the operation's name and its conditions. */
function recordingCache(capacity = 10) {
  const compiled: string[] = [];
  const compile = ({ operation, conditions }: HubOperation) => {
    compiled.push(`${operation.name?.value ?? ''} ${JSON.stringify(conditions)}`.trim());
    return { roots: [] };
  };
  const cache = new OperationCache({ capacity, check: () => undefined, compile });
  return { cache, compiled };
}

describe('compiled operations', () => {
  it('are compiled once for their text', () => {
    const { cache, compiled } = recordingCache();
    const first = cache.prepare('{ a }', undefined, {});
    const second = cache.prepare('{ a }', undefined, { unused: 1 });
    expect(compiled).toHaveLength(1);
    expect(second.compiled).toBe(first.compiled);
  });

  it('differ by operation name within one text', () => {
    const { cache, compiled } = recordingCache();
    const text = 'query A { a } query B { b }';
    for (const name of ['A', 'B', 'A']) cache.prepare(text, name, {});
    expect(compiled).toEqual(['A {}', 'B {}']);
  });

  it('make room for new ones, the least recently used first', () => {
    const { cache, compiled } = recordingCache(2);
    for (const text of ['{ a }', '{ b }', '{ a }', '{ c }', '{ a }'])
      cache.prepare(text, undefined, {});
    expect(compiled).toHaveLength(3);
    cache.prepare('{ b }', undefined, {});
    expect(compiled).toHaveLength(4);
  });

  it('that fail to compile are tried again', () => {
    let attempts = 0;
    const compile = () => {
      attempts += 1;
      throw new Error('no such field');
    };
    const cache = new OperationCache({ capacity: 10, check: () => undefined, compile });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => cache.prepare('{ a }', undefined, {})).toThrow('no such field');
    }
    expect(attempts).toBe(2);
  });
});

describe('the memory that compiled operations take', () => {
  const long = (name: string, length: number): string => `{ ${name} }${' '.repeat(length)}`;

  it('is bounded by the length of their texts', () => {
    const { cache, compiled } = recordingCache(1_000);
    for (let number = 0; number < 120; number++)
      cache.prepare(long(`a${number}`, 40_000), undefined, {});
    cache.prepare(long('a119', 40_000), undefined, {});
    expect(compiled).toHaveLength(120);
    cache.prepare(long('a0', 40_000), undefined, {});
    expect(compiled).toHaveLength(121);
  });

  it('is none for one that is very long', () => {
    const { cache, compiled } = recordingCache();
    for (let time = 0; time < 2; time++) cache.prepare(long('a', 60_000), undefined, {});
    expect(compiled).toHaveLength(2);
  });
});

describe('a document that must not be run', () => {
  it('is refused each time, before it is compiled', () => {
    const check = () => {
      throw new Error('no such day');
    };
    const cache = new OperationCache({ capacity: 10, check, compile: () => ({ roots: [] }) });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => cache.prepare('{ a }', undefined, {})).toThrow('no such day');
    }
  });
});

describe('conditions', () => {
  const text = 'query ($x: Boolean!, $y: Boolean! = true) { a @include(if: $x) b @skip(if: $y) }';

  it('make a variant for each outcome', () => {
    const { cache, compiled } = recordingCache();
    for (const variables of [
      { x: true, y: true },
      { x: false, y: true },
      { x: true, y: true },
    ]) {
      cache.prepare(text, undefined, variables);
    }
    expect(compiled).toEqual(['{"x":true,"y":true}', '{"x":false,"y":true}']);
  });

  it('have the default of a variable that is missing', () => {
    const { cache, compiled } = recordingCache();
    cache.prepare(text, undefined, { x: false });
    cache.prepare(text, undefined, { x: false, y: false });
    expect(compiled).toEqual(['{"x":false,"y":true}', '{"x":false,"y":false}']);
  });

  it('are kept for a number of outcomes, and compiled anew beyond', () => {
    const { cache, compiled } = recordingCache();
    const names = Array.from({ length: 7 }, (_, index) => `v${index}`);
    const parameters = names.map((name) => `$${name}: Boolean!`).join(', ');
    const many = `query (${parameters}) { ${names.map((name) => `${name} @skip(if: $${name})`).join(' ')} }`;
    const askAll = (): void => {
      for (let outcome = 0; outcome < 128; outcome++) {
        const values = names.map((name, bit) => [name, (outcome & (1 << bit)) !== 0]);
        cache.prepare(many, undefined, Object.fromEntries(values));
      }
    };
    askAll();
    expect(compiled).toHaveLength(128);
    askAll();
    expect(compiled).toHaveLength(128 + 64);
  });
});

describe('what is no query', () => {
  it.each([
    ['{ a', undefined, 'Syntax Error: Expected Name, found <EOF>.'],
    ['query A { a }', 'B', 'Unknown operation named "B".'],
    ['fragment F on Query { a }', undefined, 'Must provide an operation.'],
    [
      'query A { a } query B { b }',
      undefined,
      'Must provide operation name if query contains multiple operations.',
    ],
    ['mutation { a }', undefined, 'Schema is not configured to execute mutation operation.'],
  ])('is an error of the request: %s', (text, operationName, message) => {
    const { cache, compiled } = recordingCache();
    expect(() => cache.prepare(text, operationName, {})).toThrow(
      expect.objectContaining({ name: 'GraphQLError', message }),
    );
    expect(compiled).toEqual([]);
  });
});
