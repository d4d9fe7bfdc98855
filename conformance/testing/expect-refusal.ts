import { expect } from 'vitest';
import type { GraphAnswer } from './ask-graph.ts';

/** What only the program's own log may show: statements, messages of DuckDB, places in sources. */
const internals = /\bSELECT\b.*\bFROM\b|"hub"\.|_seq|\b\w+ Error: |node_modules|\.ts:\d|\bstack/i;

/** Every error of the answer has this code, tells how to mend it, and says nothing of how the program works. */
export function expectRefusal(
  { status, errors = [], data }: GraphAnswer,
  expected: number,
  code: string,
): void {
  expect({
    status,
    codes: [...new Set(errors.map(({ extensions }) => extensions?.['code']))],
  }).toEqual({
    status: expected,
    codes: [code],
  });
  expect(data ?? null).toBeNull();
  for (const { message, extensions } of errors) {
    expect(extensions?.['hint']).toEqual(expect.any(String));
    expect(`${message} ${Object.keys(extensions ?? {}).join(' ')}`).not.toMatch(internals);
  }
}
