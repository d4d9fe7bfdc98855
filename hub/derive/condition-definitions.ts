import type { EnumTypeDefinitionNode, InputObjectTypeDefinitionNode } from 'graphql';
import type { LakeModel, WireType } from '../../mapping/model.ts';
import { withoutAccess } from './carried-directives.ts';
import { listOperators, operatorsOn } from './condition-operators.ts';
import type { DerivedTypes } from './derived-types.ts';
import { mergedEnum } from './merged-enum.ts';
import { conditionName, enumInputName, inputTypeName, rangeName, scalarNames } from './names.ts';
import type { SaidOf } from './said-of.ts';
import { enumType, inputType, type Described } from './sdl-nodes.ts';
import { isOrdered } from './value-kinds.ts';

/** The conditions on single values, for every scalar that a field of the lake may have. */
export function scalarConditions(saidOf: SaidOf): DerivedTypes {
  const definitions = scalarTypes.flatMap((type) => {
    const condition = conditionOn(type, saidOf);
    return isOrdered(type) ? [condition, rangeOf(type, saidOf)] : [condition];
  });
  return { origin: 'every entity', definitions };
}

const scalarTypes: readonly WireType[] = [
  { kind: 'id' },
  { kind: 'string' },
  { kind: 'int' },
  { kind: 'float' },
  { kind: 'boolean' },
  { kind: 'bigInt' },
  { kind: 'decimal', scale: 0 },
  { kind: 'dateTime' },
  { kind: 'date' },
];

/** The conditions on enums and lists, for those that fields of the lake have. */
export function fieldConditions(model: LakeModel, saidOf: SaidOf): readonly DerivedTypes[] {
  const types = [...model.entities.values()].flatMap(({ fields }) =>
    fields.flatMap(({ field }) => withItems(field.wireType)),
  );
  const distinct = new Map(types.map((type) => [conditionName(type), type]));
  return [...distinct.values()].flatMap((type): readonly DerivedTypes[] => {
    const condition = conditionOn(type, saidOf);
    if (type.kind === 'list')
      return [{ origin: `lists of ${valueName(type)}`, definitions: [condition] }];
    if (type.kind !== 'enum') return [];
    const copy = enumInput(type.name, model, saidOf);
    return [{ origin: type.name, definitions: [condition, copy] }];
  });
}

function conditionOn(type: WireType, saidOf: SaidOf): InputObjectTypeDefinitionNode {
  const isList = type.kind === 'list';
  const what = isList ? 'lists' : 'values';
  return inputType(
    describe(
      conditionName(type),
      `A condition on ${what} of ${valueName(type)}; all that it says has to hold.`,
      type,
      saidOf,
    ),
    isList ? listOperators(type) : operatorsOn(type),
  );
}

function rangeOf(type: WireType, saidOf: SaidOf): InputObjectTypeDefinitionNode {
  const bound = `${inputTypeName(type)}!`;
  return inputType(
    describe(rangeName(type), `Values of ${valueName(type)} from one up to another.`, type, saidOf),
    [
      { name: 'from', type: bound, description: 'The first that is in the range.' },
      { name: 'to', type: bound, description: 'The last that is in the range.' },
    ],
  );
}

function enumInput(name: string, model: LakeModel, saidOf: SaidOf): EnumTypeDefinitionNode {
  const values = (mergedEnum(name, model)?.values ?? []).map((value) => ({
    name: value.name.value,
    description: value.description?.value ?? `The ${name} ${value.name.value}.`,
    directives: withoutAccess(saidOf(`${name}.${value.name.value}`)),
  }));
  const type: WireType = { kind: 'enum', name, values: new Set() };
  return enumType(
    describe(enumInputName(name), `The values of ${name}, as questions name them.`, type, saidOf),
    values,
  );
}

function describe(name: string, description: string, type: WireType, saidOf: SaidOf): Described {
  return { name, description, directives: withoutAccess(saidOf(valueName(type))) };
}

function withItems(type: WireType): readonly WireType[] {
  return type.kind === 'list' ? [type, ...withItems(type.of)] : [type];
}

/** The type of a value, or of a list's innermost items. */
function valueName(type: WireType): string {
  if (type.kind === 'list') return valueName(type.of);
  return type.kind === 'enum' ? type.name : scalarNames[type.kind];
}
