import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { fragmentsOf } from './collect-fields.ts';
import { checkSelectionDepth } from './selection-depth.ts';

function check(query: string, selectionDepth: number): void {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('There is no operation');
  checkSelectionDepth({ operation, fragments: fragmentsOf(document) }, { selectionDepth });
}

describe('the depth of a selection', () => {
  it('is the number of selection sets on the way to a field', () => {
    expect(() => check('{ a }', 1)).not.toThrow();
    expect(() => check('{ a { b c } d }', 2)).not.toThrow();
    expect(() => check('{ x { y } a { b { c } } }', 2)).toThrow(
      'The question selects fields in more than 2 levels; 2 are the most. It goes too deep at a.b.',
    );
  });

  it('says where under the names that the answer would have', () => {
    expect(() => check('{ a { one: b { c } } }', 2)).toThrow('at a.one.');
    const deep = `${'{ a '.repeat(20)}{ b }${' }'.repeat(20)}`;
    expect(() => check(deep, 12)).toThrow('at a.a.a.a.….a.a.a.');
  });

  it('knows no fragments, only what they spread', () => {
    const spread = `{ ... { ... { ...F } } } fragment F on A { a { ...G } } fragment G on A { b { c } }`;
    expect(() => check(spread, 3)).not.toThrow();
    expect(() => check(spread, 2)).toThrow('at a.b.');
  });

  it('is found in a fragment that was met on a higher level before', () => {
    const fragments = `fragment F on A { c { d } }`;
    expect(() => check(`{ ...F a { b { ...F } } } ${fragments}`, 3)).toThrow('at a.b.c.');
    expect(() => check(`{ a { b { ...F } } ...F } ${fragments}`, 3)).toThrow('at a.b.c.');
  });

  it('is told at once of fragments that multiply', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on A { a { ...F${n + 1} } b { ...F${n + 1} } }`,
    ).join('\n');
    const multiplied = `{ ...F0 } ${fragments} fragment F60 on A { c }`;
    expect(() => check(multiplied, 64)).not.toThrow();
    expect(() => check(multiplied, 60)).toThrow('more than 60 levels');
  });

  it('is too much where fragments spread each other in a long row', () => {
    const chain = (length: number, spread: (name: string) => string): string =>
      Array.from({ length }, (_, n) => `fragment F${n} on A { ${spread(`...F${n + 1}`)} }`).join(
        ' ',
      );
    const plain = (name: string): string => name;
    const inline = (name: string): string => `... { ... { ... { ${name} } } }`;
    expect(() => check(`{ ...F0 } ${chain(900, plain)}`, 4)).not.toThrow();
    expect(() => check(`{ ...F0 } ${chain(900, inline)}`, 4)).toThrow(
      'The query with its fragments has brackets within brackets in more than 1000 levels.',
    );
  });

  it('is too much where fragments spread each other', () => {
    expect(() => check('{ ...F } fragment F on A { a { ...F } }', 64)).toThrow('64 levels');
    expect(() => check('{ ...F } fragment F on A { ...F a }', 64)).toThrow('1000 levels');
  });
});
