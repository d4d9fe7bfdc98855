import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
} from 'graphql';

/** How long the list of a field may become. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Arguments that say how long, as a name or as a path through input objects, such as `input.first`. */
  readonly slicingArguments: readonly string[];
  /** Where the field is no list: the fields of its type that are. Else none. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

/** What the owners of a graph say about what its fields cost. */
export interface CostDirectives {
  /** By coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
  readonly weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  readonly listSizes: ReadonlyMap<string, ListSize>;
  /** Names of the types that something is said of. */
  readonly types: ReadonlySet<string>;
}

export const noCostDirectives: CostDirectives = {
  weights: new Map(),
  listSizes: new Map(),
  types: new Set(),
};

const specification = /^https:\/\/specs\.apollo\.dev\/cost\/v0\./;

/**
 * `@cost` and `@listSize` of a supergraph, under whichever names it links them.
 * https://ibm.github.io/graphql-specs/cost-spec.html
 */
export function readCostDirectives(supergraphSdl: string): CostDirectives {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = namesIn(document);
  if (names === undefined) return noCostDirectives;
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const note = (coordinate: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      if (directive.name.value === names.cost) {
        const weight = Number(argumentsOf(directive)['weight']);
        if (Number.isFinite(weight)) weights.set(coordinate, weight);
      } else if (directive.name.value === names.listSize) {
        listSizes.set(coordinate, readListSize(argumentsOf(directive)));
      }
    }
  };
  for (const node of document.definitions) {
    if (!('name' in node) || node.name === undefined) continue;
    const type = node.name.value;
    if (node.kind !== Kind.DIRECTIVE_DEFINITION && 'directives' in node)
      note(type, node.directives as readonly ConstDirectiveNode[]);
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      note(`${type}.${field.name.value}`, field.directives);
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      for (const argument of field.arguments ?? [])
        note(`${type}.${field.name.value}(${argument.name.value}:)`, argument.directives);
    }
  }
  const types = [...weights.keys(), ...listSizes.keys()].map(typeOfCoordinate);
  return { weights, listSizes, types: new Set(types) };
}

export function typeOfCoordinate(coordinate: string): string {
  return coordinate.split('.')[0] ?? coordinate;
}

/** What the directives are called here; undefined where the specification is not linked. */
function namesIn(
  document: DocumentNode,
): { readonly cost: string; readonly listSize: string } | undefined {
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of node.directives ?? []) {
      if (directive.name.value !== 'link') continue;
      const { url, as, import: imported } = argumentsOf(directive);
      if (typeof url !== 'string' || !specification.test(url)) continue;
      const prefix = typeof as === 'string' ? as : 'cost';
      const items = Array.isArray(imported) ? (imported as readonly unknown[]) : [];
      return {
        // The directive that has the name of its specification goes by the name of the link.
        cost: importedAs('@cost', items) ?? prefix,
        listSize: importedAs('@listSize', items) ?? `${prefix}__listSize`,
      };
    }
  }
  return undefined;
}

function importedAs(name: string, items: readonly unknown[]): string | undefined {
  for (const item of items) {
    if (item === name) return name.slice(1);
    if (typeof item !== 'object' || item === null || !('name' in item)) continue;
    if (item.name !== name) continue;
    return ('as' in item && typeof item.as === 'string' ? item.as : name).slice(1);
  }
  return undefined;
}

function readListSize(given: Readonly<Record<string, unknown>>): ListSize {
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = given;
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
    slicingArguments: textsOf(slicingArguments),
    sizedFields: textsOf(sizedFields),
    requireOneSlicingArgument: requireOneSlicingArgument !== false,
  };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function argumentsOf({ arguments: given = [] }: DirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}
