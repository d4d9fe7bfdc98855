import {
  Kind,
  parseType,
  type ConstDirectiveNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type NameNode,
  type ObjectTypeDefinitionNode,
  type StringValueNode,
} from 'graphql';

/** Something that is derived: its name, and what is said about it. */
export interface Described {
  readonly name: string;
  readonly description: string;
  readonly directives?: readonly ConstDirectiveNode[];
}

/** A field, an input field or an argument; `type` as it is written, such as `[String!]`. */
export interface Typed extends Described {
  readonly type: string;
}

export interface TypedField extends Typed {
  readonly arguments?: readonly Typed[];
}

export function objectType(
  type: Described,
  fields: readonly TypedField[],
): ObjectTypeDefinitionNode {
  return {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    ...described(type),
    fields: fields.map(outputField),
  };
}

export function inputType(
  type: Described,
  fields: readonly Typed[],
): InputObjectTypeDefinitionNode {
  return {
    kind: Kind.INPUT_OBJECT_TYPE_DEFINITION,
    ...described(type),
    fields: fields.map(inputValue),
  };
}

export function enumType(type: Described, values: readonly Described[]): EnumTypeDefinitionNode {
  return {
    kind: Kind.ENUM_TYPE_DEFINITION,
    ...described(type),
    values: values.map((value): EnumValueDefinitionNode => ({
      kind: Kind.ENUM_VALUE_DEFINITION,
      ...described(value),
    })),
  };
}

/** GraphQL keeps the names of its literals. */
export function canBeEnumValue(name: string): boolean {
  return !['true', 'false', 'null'].includes(name);
}

export function outputField(field: TypedField): FieldDefinitionNode {
  return {
    kind: Kind.FIELD_DEFINITION,
    ...described(field),
    arguments: (field.arguments ?? []).map(inputValue),
    type: parseType(field.type, { noLocation: true }),
  };
}

export function inputValue(value: Typed): InputValueDefinitionNode {
  return {
    kind: Kind.INPUT_VALUE_DEFINITION,
    ...described(value),
    type: parseType(value.type, { noLocation: true }),
  };
}

function described({ name, description, directives = [] }: Described): {
  readonly name: NameNode;
  readonly description: StringValueNode;
  readonly directives: readonly ConstDirectiveNode[];
} {
  return {
    name: { kind: Kind.NAME, value: name },
    description: { kind: Kind.STRING, value: description, block: description.includes('\n') },
    directives,
  };
}
