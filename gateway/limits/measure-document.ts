import {
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation is, with every fragment counted as often as it is spread. */
export interface OperationSize {
  readonly operation: OperationDefinitionNode;
  /** Fields that are selected, on all levels. */
  readonly fields: number;
  readonly aliases: number;
  /** Those of the operation, its variables, its fields and its fragments. */
  readonly directives: number;
  /** Fields of the first level. */
  readonly rootFields: number;
  /** Levels of fields. */
  readonly depth: number;
  /** Levels of selection sets; those of fragments count too. */
  readonly nesting: number;
}

/**
 * The size of each operation of a document. It need not be valid: a fragment that leads back to itself counts once.
 *
 * The time is linear in the text, also where fragments that spread each other multiply beyond measure: each is
 * measured once. Nothing here calls itself, so that no nesting runs out of stack. A count that is too large for a
 * number is `Infinity`.
 */
export function measureDocument(document: DocumentNode): readonly OperationSize[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const measured = new Map<string, Size>();
  return document.definitions.flatMap((operation): OperationSize[] => {
    if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
    const text = readText(operation.selectionSet, directivesOfDefinition(operation));
    measureFragments(text, fragments, measured);
    return [{ operation, ...sizeOf(text, measured) }];
  });
}

type Size = Omit<OperationSize, 'operation'>;

/** What stands in the text of an operation or of a fragment itself. */
interface OwnText {
  readonly size: Size;
  readonly spreads: readonly Spread[];
}

interface Spread {
  readonly fragment: string;
  /** Fields around it. */
  readonly depth: number;
  /** Selection sets around it. */
  readonly nesting: number;
}

const nothing: Size = {
  fields: 0,
  aliases: 0,
  directives: 0,
  rootFields: 0,
  depth: 0,
  nesting: 0,
};

/** Measures every fragment that the text leads to, those that lead no further first. */
function measureFragments(
  { spreads }: OwnText,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  measured: Map<string, Size>,
): void {
  const texts = new Map<string, OwnText>();
  const pending = spreads.map(({ fragment }) => fragment);
  for (let name = pending.at(-1); name !== undefined; name = pending.at(-1)) {
    const known = texts.get(name);
    if (measured.has(name)) {
      pending.pop();
    } else if (known === undefined) {
      const text = readFragment(fragments.get(name));
      texts.set(name, text);
      for (const { fragment } of text.spreads) if (!texts.has(fragment)) pending.push(fragment);
    } else {
      measured.set(name, sizeOf(known, measured));
      pending.pop();
    }
  }
}

function readFragment(fragment: FragmentDefinitionNode | undefined): OwnText {
  return fragment === undefined
    ? { size: nothing, spreads: [] }
    : readText(fragment.selectionSet, countOf(fragment.directives));
}

function sizeOf({ size, spreads }: OwnText, measured: ReadonlyMap<string, Size>): Size {
  let { fields, aliases, directives, rootFields, depth, nesting } = size;
  for (const spread of spreads) {
    const inner = measured.get(spread.fragment) ?? nothing;
    fields += inner.fields;
    aliases += inner.aliases;
    directives += inner.directives;
    if (spread.depth === 0) rootFields += inner.rootFields;
    depth = Math.max(depth, spread.depth + inner.depth);
    nesting = Math.max(nesting, spread.nesting + inner.nesting);
  }
  return { fields, aliases, directives, rootFields, depth, nesting };
}

function readText(selectionSet: SelectionSetNode, directivesOutside: number): OwnText {
  let fields = 0;
  let aliases = 0;
  let directives = directivesOutside;
  let rootFields = 0;
  let deepest = 0;
  let mostNested = 1;
  const spreads: Spread[] = [];
  const pending = [{ selectionSet, depth: 0, nesting: 1 }];
  for (let level = pending.pop(); level !== undefined; level = pending.pop()) {
    const { depth, nesting } = level;
    mostNested = Math.max(mostNested, nesting);
    for (const selection of level.selectionSet.selections) {
      directives += countOf(selection.directives);
      switch (selection.kind) {
        case Kind.FIELD:
          fields += 1;
          if (selection.alias !== undefined) aliases += 1;
          if (depth === 0) rootFields += 1;
          deepest = Math.max(deepest, depth + 1);
          if (selection.selectionSet !== undefined)
            pending.push({
              selectionSet: selection.selectionSet,
              depth: depth + 1,
              nesting: nesting + 1,
            });
          break;
        case Kind.INLINE_FRAGMENT:
          pending.push({ selectionSet: selection.selectionSet, depth, nesting: nesting + 1 });
          break;
        case Kind.FRAGMENT_SPREAD:
          spreads.push({ fragment: selection.name.value, depth, nesting });
      }
    }
  }
  return {
    size: { fields, aliases, directives, rootFields, depth: deepest, nesting: mostNested },
    spreads,
  };
}

function directivesOfDefinition({
  directives,
  variableDefinitions = [],
}: OperationDefinitionNode): number {
  return variableDefinitions.reduce(
    (sum, variable) => sum + countOf(variable.directives),
    countOf(directives),
  );
}

function countOf(directives: readonly DirectiveNode[] | undefined): number {
  return directives?.length ?? 0;
}
