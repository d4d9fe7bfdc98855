import fc from 'fast-check';
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import {
  variantCount,
  type ConditionDraft,
  type FieldDraft,
  type IdDraft,
  type InlineDraft,
  type OperationDraft,
  type SelectionDraft,
  type SpreadDraft,
  type VariableDraft,
} from './operation-draft.ts';
import { renderOperation, type RandomOperation } from './render-operation.ts';

interface OperationOptions {
  readonly schema: GraphQLSchema;
  readonly ids: fc.Arbitrary<string>;
  /** How many relations deep. */
  readonly depth: number;
}

type Selectable = GraphQLObjectType | GraphQLInterfaceType;

const conditionCount = 4;

/**
 * Valid operations over a schema whose root fields are look-ups by one id: random selections, aliases, fragments,
 * conditions, variables.
 */
export function randomOperation({
  schema,
  ids,
  depth,
}: OperationOptions): fc.Arbitrary<RandomOperation> {
  const query = schema.getQueryType();
  if (!query) throw new Error('The schema has no root fields.');
  const fragmentTypes = Object.values(schema.getTypeMap()).filter(
    (type): type is Selectable =>
      type !== query &&
      (isObjectType(type) || isInterfaceType(type)) &&
      !type.name.startsWith('__'),
  );
  const known = new Map<string, fc.Arbitrary<SelectionDraft[]>>();
  const fragments = fragmentTypes.map((type, index) =>
    fc.record({ on: fc.constant(type.name), selections: selectionsOf(type, 2, index + 1) }),
  );
  const id = fc.record({
    id: ids,
    form: fc.constantFrom<IdDraft['form'][]>(
      'literal',
      'number literal',
      'variable',
      'number variable',
      'default',
      'overridden default',
    ),
  });
  return fc
    .record<OperationDraft>({
      roots: selectionsOf(query, depth + 1, 0),
      fragments: fc.tuple(...fragments),
      ids: fc.array(id, { minLength: variantCount, maxLength: variantCount }),
      conditions: fc.array(variable, { minLength: conditionCount, maxLength: conditionCount }),
      swapsNames: fc.boolean(),
    })
    .map(renderOperation);

  /** Fragments from `firstFragment` on may be spread, so that none leads back to itself. */
  function selectionsOf(
    type: Selectable,
    levels: number,
    firstFragment: number,
  ): fc.Arbitrary<SelectionDraft[]> {
    const name = `${type.name} ${levels} ${firstFragment}`;
    const selections = known.get(name) ?? makeSelections(type, levels, firstFragment);
    known.set(name, selections);
    return selections;
  }

  function makeSelections(
    type: Selectable,
    levels: number,
    firstFragment: number,
  ): fc.Arbitrary<SelectionDraft[]> {
    const members: fc.WeightedArbitrary<SelectionDraft>[] = [
      { weight: 1, arbitrary: field('__typename', false, fc.constant([])) },
    ];
    for (const { name, type: fieldType } of Object.values(type.getFields())) {
      const target = getNamedType(fieldType);
      if (!isCompositeType(target)) {
        members.push({ weight: 2, arbitrary: field(name, false, fc.constant([])) });
      } else if (levels > 0 && 'getFields' in target) {
        const inner = selectionsOf(target, levels - 1, firstFragment);
        members.push({ weight: 4, arbitrary: field(name, type === query, inner) });
      }
    }
    if (type !== query && levels > 0) members.push(...fragmentsIn(type, levels, firstFragment));
    return fc.array(fc.oneof(...members), { minLength: 1, maxLength: type === query ? 3 : 5 });
  }

  function fragmentsIn(
    type: Selectable,
    levels: number,
    firstFragment: number,
  ): fc.WeightedArbitrary<SelectionDraft>[] {
    const inside = fragmentTypes
      .map((on, index) => ({ on, index }))
      .filter(({ on }) => overlaps(schema, type, on));
    const inlines = [
      { on: undefined, target: type },
      ...inside.map(({ on }) => ({ on: on.name, target: on })),
    ];
    return [
      ...inlines.map(({ on, target }) => ({
        weight: 1,
        arbitrary: fc.record<InlineDraft>({
          kind: fc.constant('inline'),
          on: fc.constant(on),
          condition,
          selections: selectionsOf(target, levels - 1, firstFragment),
        }),
      })),
      ...inside
        .filter(({ index }) => index >= firstFragment)
        .map(({ index }) => ({
          weight: 2,
          arbitrary: fc.record<SpreadDraft>({
            kind: fc.constant('spread'),
            fragment: fc.constant(index),
            condition,
          }),
        })),
    ];
  }
}

const variable: fc.Arbitrary<VariableDraft> = fc
  .record({
    defaultValue: fc.constantFrom(undefined, true, false),
    value: fc.constantFrom(undefined, true, false),
  })
  .filter(({ defaultValue, value }) => defaultValue !== undefined || value !== undefined);

const condition: fc.Arbitrary<ConditionDraft | undefined> = fc.option(
  fc.record({
    directive: fc.constantFrom<ConditionDraft['directive'][]>('include', 'skip'),
    value: fc.oneof(fc.boolean(), fc.nat({ max: conditionCount - 1 })),
  }),
  { nil: undefined, freq: 4 },
);

function field(
  name: string,
  isLookup: boolean,
  selections: fc.Arbitrary<SelectionDraft[]>,
): fc.Arbitrary<SelectionDraft> {
  return fc.record<FieldDraft>({
    kind: fc.constant('field'),
    name: fc.constant(name),
    isLookup: fc.constant(isLookup),
    variant: fc.constantFrom(0, 0, 0, 1, 2),
    condition,
    selections,
  });
}

function overlaps(schema: GraphQLSchema, one: Selectable, other: Selectable): boolean {
  if (one === other) return true;
  return (
    (isInterfaceType(one) && schema.isSubType(one, other)) ||
    (isInterfaceType(other) && schema.isSubType(other, one))
  );
}
