import fc from 'fast-check';
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { CostDirectives } from '../cost-directives.ts';
import type { Variables } from '../expression.ts';

export const shopSdl = `
  schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"]) {
    query: Query
    mutation: Mutation
  }
  directive @link(url: String, import: [String]) on SCHEMA
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query {
    customer: Customer
    customers(first: Int): [Customer!]!
    page(first: Int): Page!
    grid: [[Customer!]]
    tags: [String!]
    thing: Thing
    heavy: Int @cost(weight: 50)
    search(text: String @cost(weight: 3), filter: Filter): Customer
    priced: [Priced!]
    assumed: [Priced] @listSize(assumedSize: 25, requireOneSlicingArgument: false)
    sized(input: In): Sized @listSize(slicingArguments: ["input.first"], sizedFields: ["items"])
    defaulted(first: Int = 6): [Priced] @listSize(slicingArguments: ["first"])
    strict(first: Int, last: Int): [Priced] @listSize(slicingArguments: ["first", "last"])
  }
  type Mutation { rename(name: String): Customer }
  interface Thing { id: ID }
  type Customer implements Thing { id: ID name: String address: Address orders(first: Int): [Order!]! }
  type Order implements Thing { id: ID customer: Customer }
  type Address { city: String }
  type Page { nodes: [Customer!] edges: [Edge!] total: Int }
  type Edge { node: Customer }
  type Priced @cost(weight: 7) { id: ID }
  type Sized { items: [Priced] }
  input Filter { text: String @cost(weight: 4) and: [Filter!] }
  input In { first: Int }
`;

/** Operations of the shop without fields that are refused unless an argument is given. */
export function randomOperations(): fc.Arbitrary<string> {
  const condition = fc.constantFrom('', '', '', ' @include(if: $c)', ' @skip(if: $c)');
  const first = fc.constantFrom('', '(first: 2)', '(first: $n)', '(first: null)');
  const nested = (
    level: number,
    fragment: string,
  ): Readonly<Record<string, fc.Arbitrary<string>>> => {
    const of = (type: string): fc.Arbitrary<string> =>
      level === 0
        ? fc.constant('{ __typename }')
        : (nested(level - 1, fragment)[type] ?? fc.constant('{ __typename }'));
    const one = (text: string, given: fc.Arbitrary<string>, inner?: fc.Arbitrary<string>) =>
      fc
        .tuple(given, condition, inner ?? fc.constant(''))
        .map(([args, when, set]) => `${text}${args}${when} ${set}`);
    const none = fc.constant('');
    const sets = (...fields: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc
        .array(fc.oneof(...fields), { minLength: 1, maxLength: 4 })
        .map((chosen) => `{ ${chosen.join(' ')} }`);
    const spread = fragment === '' ? [] : [one(`...${fragment}`, none)];
    const order = () => one('customer', none, of('customer'));
    const customer = () => [
      one('name', none),
      one('address', none, fc.constant('{ city }')),
      one('orders', fc.constant('(first: $n)'), of('order')),
      fc
        .tuple(fc.constantFrom('x', 'y'), first, of('order'))
        .map(([as, args, set]) => `${as}${args.length}: orders${args} ${set}`),
      ...spread,
    ];
    return {
      customer: sets(...customer()),
      order: sets(order(), one('id', none)),
      page: sets(
        one('nodes', none, of('customer')),
        one('edges', none, of('edge')),
        one('total', none),
      ),
      edge: sets(one('node', none, of('customer'))),
      thing: sets(
        one('id', none),
        one('... on Customer', none, of('customer')),
        one('... on Order', none, of('order')),
      ),
      query: sets(
        one('customer', none, of('customer')),
        one('customers', fc.constant('(first: $n)'), of('customer')),
        one('page', fc.constant('(first: 3)'), of('page')),
        one('grid', none, of('customer')),
        one('thing', none, of('thing')),
        one('heavy', none),
        one('search', fc.constant('(text: "x", filter: { and: [{ text: "y" }] })'), of('customer')),
        one('priced', none, fc.constant('{ id }')),
        one('sized', fc.constant('(input: { first: $n })'), fc.constant('{ items { id } }')),
      ),
    };
  };
  return fc
    .tuple(
      nested(4, 'F0')['query'] ?? fc.constant(''),
      nested(3, 'F1')['customer'] ?? fc.constant(''),
      nested(2, '')['customer'] ?? fc.constant(''),
    )
    .map(
      ([query, outer, inner]) =>
        `query ($n: Int = 5, $c: Boolean!) ${query} fragment F0 on Customer ${outer} fragment F1 on Customer ${inner}`,
    );
}

/**
 * The definition: every field of the answer as it would be, with as many items in its lists as they are expected to
 * have. Nothing is remembered, and no condition is left open.
 */
export function naiveCost(
  document: DocumentNode,
  schema: GraphQLSchema,
  { weights, listSizes }: CostDirectives,
  given: Variables,
): number {
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const variables: Record<string, unknown> = { n: 5, ...given };
  const query = schema.getQueryType();
  if (operation === undefined || query === null || query === undefined) return 0;
  return ofObject(query, [operation.selectionSet], {});

  function ofType(
    type: GraphQLNamedType,
    sets: readonly SelectionSetNode[],
    sizes: Readonly<Record<string, number>>,
  ): number {
    if (isObjectType(type)) return ofObject(type, sets, sizes);
    if (!isAbstractType(type)) return 0;
    return Math.max(
      ...schema.getPossibleTypes(type).map((possible) => ofObject(possible, sets, sizes)),
    );
  }

  function ofObject(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    sizes: Readonly<Record<string, number>>,
  ): number {
    const fields = new Map<string, FieldNode[]>();
    for (const set of sets)
      for (const node of fieldsOf(type, set)) {
        const key = (node.alias ?? node.name).value;
        fields.set(key, [...(fields.get(key) ?? []), node]);
      }
    return [...fields.values()].reduce((total, nodes) => total + ofField(type, nodes, sizes), 0);
  }

  function fieldsOf(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
  ): readonly FieldNode[] {
    return selections.flatMap((selection): readonly FieldNode[] => {
      if (!isIncluded(selection)) return [];
      if (selection.kind === Kind.FIELD) return [selection];
      const { typeCondition, selectionSet } =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!;
      const holds = typeCondition === undefined || typeCondition.name.value === type.name;
      return holds ? fieldsOf(type, selectionSet) : [];
    });
  }

  function isIncluded({ directives = [] }: SelectionNode): boolean {
    return directives.every(({ name, arguments: args = [] }) => {
      const value = args[0] && valueFromASTUntyped(args[0].value, variables);
      return value === (name.value === 'include');
    });
  }

  function ofField(
    parent: GraphQLObjectType,
    nodes: readonly FieldNode[],
    sizes: Readonly<Record<string, number>>,
  ): number {
    const [node] = nodes;
    const field = node && parent.getFields()[node.name.value];
    if (node === undefined || field === undefined) return 0;
    const coordinate = `${parent.name}.${field.name}`;
    const args = Object.fromEntries(
      (node.arguments ?? []).map(({ name, value }) => [
        name.value,
        valueFromASTUntyped(value, variables),
      ]),
    ) as { readonly first?: number; readonly input?: { readonly first?: number } };
    const asked = args.first ?? args.input?.first ?? listSizes.get(coordinate)?.assumedSize ?? 10;
    const named = getNamedType(field.type);
    let instances = 1;
    let level = getNullableType(field.type);
    for (let size = sizes[field.name] ?? asked; isListType(level); size = 10) {
      instances *= size;
      level = getNullableType(level.ofType);
    }
    const weight =
      weights.get(coordinate) ?? weights.get(named.name) ?? (isCompositeType(named) ? 1 : 0);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const inner = ofType(named, sets, { nodes: asked, edges: asked, items: asked });
    const inputs = field.name === 'search' ? 3 + 4 : 0;
    return instances * (weight + inner) + inputs;
  }
}
