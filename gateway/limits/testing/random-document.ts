import fc from 'fast-check';

const fragmentNames = ['F0', 'F1', 'F2', 'F3'] as const;
const names = ['a', 'b', 'c'];
const directives = ['', '', ' @x', ' @x @y(z: 1)'];

/**
 * Texts of documents with a few operations, and fragments that spread those after them several times. They fit no
 * schema.
 */
export function randomDocuments(): fc.Arbitrary<string> {
  const operation = fc
    .tuple(selectionSets(0, 3), fc.constantFrom(...directives))
    .map(([set, directive]) => ({ set, directive }));
  const fragments = fragmentNames.map((name, index) =>
    fc
      .tuple(selectionSets(index + 1, 2), fc.constantFrom(...directives))
      .map(([set, directive]) => `fragment ${name} on T${directive} ${set}`),
  );
  return fc
    .tuple(fc.array(operation, { minLength: 1, maxLength: 3 }), fc.tuple(...fragments))
    .map(([operations, fragmentTexts]) =>
      [
        ...operations.map(
          ({ set, directive }, index) => `query Q${index}($v: Int${directive})${directive} ${set}`,
        ),
        ...fragmentTexts,
      ].join('\n'),
    );
}

function selectionSets(firstFragment: number, levels: number): fc.Arbitrary<string> {
  const directive = fc.constantFrom(...directives);
  const alias = fc.constantFrom('', '', 'z: ');
  const inner = levels === 0 ? fc.constant('') : selectionSets(firstFragment, levels - 1);
  const field = fc
    .tuple(alias, fc.constantFrom(...names), directive, fc.boolean(), inner)
    .map(([as, name, given, isLeaf, set]) => `${as}${name}${given} ${isLeaf ? '' : set}`);
  const kinds = [field, field];
  if (levels > 0)
    kinds.push(fc.tuple(directive, inner).map(([given, set]) => `...${given} ${set}`));
  const known = fragmentNames.slice(firstFragment);
  if (known.length > 0)
    kinds.push(
      fc.tuple(fc.constantFrom(...known), directive).map(([name, given]) => `...${name}${given}`),
    );
  return fc
    .array(fc.oneof(...kinds), { minLength: 1, maxLength: 4 })
    .map((selections) => `{ ${selections.join(' ')} }`);
}
