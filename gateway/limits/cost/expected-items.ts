import type { FieldNode, GraphQLField } from 'graphql';
import { raise } from '../../../foundation/errors/tributary-error.ts';
import type { ArgumentReader, Given } from './argument-value.ts';
import type { CostDirectives, ListSize } from './cost-directives.ts';
import { greatest, least, type Cost } from './expression.ts';
import type { KnownListSize, KnownListSizes } from './list-sizes.ts';

interface ItemsScope {
  readonly directives: CostDirectives;
  readonly known: KnownListSizes;
  readonly argumentsOf: ArgumentReader;
  readonly assumedListSize: number;
}

/** How many items the list of a field, or the lists of the fields that it stands for, are expected to have. */
export interface ExpectedItems {
  readonly count: Cost;
  /** Fields of the type that are the list; none where the field itself is it. */
  readonly sizedFields: readonly string[];
}

/**
 * What the owner says by `@listSize`, else what is known of the lake, else what arguments of the usual names say.
 * Undefined where nothing speaks of a size.
 *
 * @throws LIST_SIZE_NOT_GIVEN
 */
export function expectedItems(
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  scope: ItemsScope,
): ExpectedItems | undefined {
  const said = scope.directives.listSizes.get(coordinate);
  if (said !== undefined) {
    const slices = slicesOf(said.slicingArguments, field, node, scope);
    if (said.requireOneSlicingArgument) checkOneSlice(coordinate, said, slices);
    const assumed = said.assumedSize ?? scope.assumedListSize;
    return { count: itemsOf(slices, assumed), sizedFields: said.sizedFields };
  }
  const known = scope.known.find(coordinate) ?? usualSize(field, scope.assumedListSize);
  if (known === undefined) return undefined;
  const slices = slicesOf(known.slicingArguments, field, node, scope);
  const items = itemsOf(slices, assumedSizeOf(known, node));
  const { mostItems, sizedFields } = known;
  return { count: mostItems === undefined ? items : least([items, mostItems]), sizedFields };
}

/** Lists of the usual names: pages as Relay has them, and lists with a limit. */
function usualSize(
  { args }: GraphQLField<unknown, unknown>,
  assumedSize: number,
): KnownListSize | undefined {
  const slicingArguments = ['first', 'last', 'limit'].filter((name) =>
    args.some((argument) => argument.name === name),
  );
  if (slicingArguments.length === 0) return undefined;
  return { slicingArguments, sizedFields: ['nodes', 'edges'], assumedSize, mostItems: undefined };
}

function assumedSizeOf({ assumedSize, splittingArgument }: KnownListSize, node: FieldNode): number {
  const isWhole =
    splittingArgument !== undefined &&
    !node.arguments?.some(({ name }) => name.value === splittingArgument);
  return isWhole ? 1 : assumedSize;
}

/** The arguments that are there, by the request or by their defaults. */
function slicesOf(
  paths: readonly string[],
  { args }: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { argumentsOf }: ItemsScope,
): readonly Exclude<Given, { kind: 'absent' }>[] {
  return paths.flatMap((path) => {
    const names = path.split('.');
    const given = argumentsOf.read(node, names);
    if (given.kind !== 'absent')
      return given.kind === 'known' && given.value === null ? [] : [given];
    const value = args.find(({ name }) => names.length === 1 && name === path)?.defaultValue;
    return value === undefined || value === null ? [] : [{ kind: 'known' as const, value }];
  });
}

/** Of several, the largest counts. What is no number is not for us to refuse. */
function itemsOf(slices: readonly Exclude<Given, { kind: 'absent' }>[], assumed: number): Cost {
  if (slices.length === 0) return assumed;
  return greatest(
    slices.map((slice): Cost =>
      slice.kind === 'known'
        ? itemsAsked(slice.value, assumed)
        : (variables) => itemsAsked(slice.read(variables), assumed),
    ),
  );
}

function itemsAsked(value: unknown, assumed: number): number {
  return typeof value === 'number' && value >= 0 ? value : assumed;
}

function checkOneSlice(
  coordinate: string,
  { slicingArguments }: ListSize,
  slices: readonly Given[],
): void {
  if (slicingArguments.length === 0 || slices.length === 1) return;
  throw raise('LIST_SIZE_NOT_GIVEN', {
    field: coordinate,
    arguments: slicingArguments.join(', '),
    found: slices.length,
  });
}
