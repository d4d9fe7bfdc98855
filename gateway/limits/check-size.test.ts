import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { checkSize, type SizeLimits } from './check-size.ts';

const off: SizeLimits = {
  operations: 0,
  fields: 0,
  rootFields: 0,
  aliases: 0,
  directives: 0,
  comparisons: 0,
  selectionDepth: 100,
};

function refusal(text: string, limits: Partial<SizeLimits>): string | undefined {
  try {
    checkSize(parse(text), { ...off, ...limits });
    return undefined;
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return `${error.code}: ${error.message} ${error.hint}`;
  }
}

describe('a document', () => {
  it.each([
    [
      'fields',
      4,
      'query Big { a { b } ...F ...F } fragment F on Query { c }',
      'OPERATION_FIELDS',
      'The query Big selects 4 fields',
    ],
    [
      'rootFields',
      3,
      '{ a { b } ...F ...F } fragment F on Query { c }',
      'OPERATION_ROOT_FIELDS',
      'The query asks 3 root fields',
    ],
    ['aliases', 2, 'mutation { a: b c: d }', 'OPERATION_ALIASES', 'The mutation has 2 aliases'],
    [
      'directives',
      3,
      'query ($a: Int @x) @x { a @x }',
      'OPERATION_DIRECTIVES',
      'The query has 3 directives',
    ],
    [
      'operations',
      3,
      '{ a } query B { a } query C { a }',
      'DOCUMENT_OPERATIONS',
      'The query has 3 operations',
    ],
  ] as const)('has its %s counted', (limit, found, text, code, said) => {
    expect(refusal(text, { [limit]: found })).toBeUndefined();
    expect(refusal(text, { [limit]: 0 })).toBeUndefined();
    const refused = refusal(text, { [limit]: found - 1 });
    expect(refused).toContain(`${code}_EXCEEDED: ${said}`);
    expect(refused).toContain(String(found - 1));
    expect(refused).toContain(`graph.limits.${limit}`);
  });

  it('is refused for any of its operations', () => {
    expect(refusal('query A { a } query B { a b c }', { fields: 2 })).toContain(
      'The query B selects',
    );
  });

  it('is refused for its depth with the place', () => {
    const refused = refusal('{ a { b { c { d } } } }', { selectionDepth: 2 });
    expect(refused).toContain(
      'selects fields in 4 levels; 2 are the most. It goes too deep at a.b.',
    );
    expect(refused).toContain('graph.limits.selectionDepth');
  });

  it('has no name of any length repeated', () => {
    const refused = refusal(`query ${'N'.repeat(10_000)} { a b }`, { fields: 1 });
    expect(refused?.length).toBeLessThan(400);
  });
});
