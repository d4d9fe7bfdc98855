import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { GraphAnswer } from './ask-graph.ts';

/**
 * Expects an answer to be right, or null exactly where it has errors, all of one subgraph, and right everywhere else.
 *
 * @returns whether it was right as a whole
 */
export function expectRightOrPartial(
  { status, data, errors = [] }: GraphAnswer,
  right: unknown,
  subgraph: string,
): boolean {
  const nulls = new Set<string>();
  const wrong: string[] = [];
  compare(data, right, [], nulls, wrong);
  expect({ status, wrong }).toEqual({ status: 200, wrong: [] });
  expect(new Set(errors.map(({ path }) => (path ?? ['?']).join('.')))).toEqual(nulls);
  for (const { message, extensions } of errors) {
    expect(message).toContain(subgraph);
    expect(extensions).toMatchObject({ code: expect.any(String), serviceName: subgraph });
  }
  return errors.length === 0;
}

/** Notes where there is null instead of what is right, and where there is something else. */
function compare(
  found: unknown,
  right: unknown,
  path: readonly (string | number)[],
  nulls: Set<string>,
  wrong: string[],
): void {
  if (isDeepStrictEqual(found, right)) return;
  if (found === null) {
    nulls.add(path.join('.'));
    return;
  }
  const names = isContainer(right) && isContainer(found) ? Object.keys(right) : [];
  const isComparable = names.length > 0 && isDeepStrictEqual(names, Object.keys(found as object));
  if (!isComparable) wrong.push(`${path.join('.')}: ${JSON.stringify(found)}`);
  for (const name of isComparable ? names : []) {
    compare(valueAt(found, name), valueAt(right, name), [...path, name], nulls, wrong);
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valueAt(container: unknown, name: string): unknown {
  return (container as Readonly<Record<string, unknown>>)[name];
}
