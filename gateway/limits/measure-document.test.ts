import fc from 'fast-check';
import {
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { measureDocument, type OperationSize } from './measure-document.ts';
import { randomDocuments } from './testing/random-document.ts';

type Size = Omit<OperationSize, 'operation'>;

function measure(text: string): Size {
  const [size] = measureDocument(parse(text));
  if (size === undefined) throw new Error('There is no operation.');
  const { operation: _, ...rest } = size;
  return rest;
}

/** The definition: every fragment is put in the place of every spread, and all is counted. */
function measureNaively(document: DocumentNode, operation: OperationDefinitionNode): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const size = { fields: 0, aliases: 0, directives: 0, rootFields: 0, depth: 0, nesting: 0 };
  size.directives += operation.directives?.length ?? 0;
  for (const { directives } of operation.variableDefinitions ?? [])
    size.directives += directives?.length ?? 0;
  walk(operation.selectionSet, 0, 1);
  return size;

  function walk(set: SelectionSetNode, depth: number, nesting: number): void {
    size.nesting = Math.max(size.nesting, nesting);
    for (const selection of set.selections) {
      size.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        size.directives += fragment?.directives?.length ?? 0;
        if (fragment !== undefined) walk(fragment.selectionSet, depth, nesting + 1);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, depth, nesting + 1);
      } else {
        size.fields += 1;
        if (selection.alias !== undefined) size.aliases += 1;
        if (depth === 0) size.rootFields += 1;
        size.depth = Math.max(size.depth, depth + 1);
        if (selection.selectionSet !== undefined)
          walk(selection.selectionSet, depth + 1, nesting + 1);
      }
    }
  }
}

describe('the size of an operation', () => {
  it('is what is counted when every fragment is put in its place', () => {
    fc.assert(
      fc.property(randomDocuments(), (text) => {
        const document = parse(text);
        for (const { operation, ...size } of measureDocument(document))
          expect(size).toEqual(measureNaively(document, operation));
      }),
      { numRuns: 300 },
    );
  });

  it('counts a fragment as often as it is spread', () => {
    expect(measure('{ x: a @i { ...F ...F } ...F } fragment F on A { y: b c { d } }')).toEqual({
      fields: 10,
      aliases: 4,
      directives: 1,
      rootFields: 3,
      depth: 3,
      nesting: 4,
    });
  });

  it('is told of fragments that multiply beyond measure', () => {
    const text = Array.from(
      { length: 900 },
      (_, n) => `fragment F${n} on A { a: b { ...F${n + 1} } c: b { ...F${n + 1} } }`,
    );
    const { fields } = measure(`{ ...F0 } ${text.slice(0, 40).join(' ')}`);
    expect(fields).toBe(2 ** 41 - 2);
    expect(measure(`{ ...F0 } ${text.slice(0, 1).join(' ')} fragment F1 on A { z }`)).toMatchObject(
      { fields: 4, depth: 2 },
    );
    const several = Array.from(
      { length: 900 },
      (_, n) => `fragment F${n} on A { ${`...F${n + 1} `.repeat(10)} }`,
    );
    const endless = `{ ...F0 } ${several.join(' ')} fragment F900 on A { a }`;
    expect(measure(endless).fields).toBe(Number.POSITIVE_INFINITY);
  });

  it('is told of fragments that lead back to themselves, and of those that there are not', () => {
    const circle = '{ ...F } fragment F on A { a { ...G } } fragment G on A { b { ...F } }';
    expect(measure(circle)).toMatchObject({ fields: 2, depth: 2 });
    expect(measure('{ a ...Nobody }')).toMatchObject({ fields: 1, nesting: 1 });
  });

  it('does not run out of stack', () => {
    const chain = Array.from({ length: 5_000 }, (_, n) => `fragment F${n} on A { ...F${n + 1} }`);
    const text = `{ ...F0 } ${chain.join(' ')} fragment F5000 on A { a }`;
    expect(measure(text)).toMatchObject({ fields: 1, depth: 1, nesting: 5_002 });
  });
});
