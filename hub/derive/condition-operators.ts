import type { WireType } from '../../mapping/model.ts';
import { inputTypeName, rangeName } from './names.ts';
import type { Typed } from './sdl-nodes.ts';
import { isOrdered, isText } from './value-kinds.ts';

/** What can be asked of one value. */
export function operatorsOn(type: WireType): readonly Typed[] {
  const value = inputTypeName(type);
  return [
    { name: 'eq', type: value, description: 'Is this one; `null`: is missing.' },
    { name: 'ne', type: value, description: 'Is not this one, or is missing; `null`: is there.' },
    ...(type.kind === 'boolean' ? [] : membership(value)),
    ...(isOrdered(type) ? comparisons(value, rangeName(type)) : []),
    ...(isText(type) ? textOperators(value) : []),
    isNull,
  ];
}

/** What can be asked of a list. */
export function listOperators(
  type: Extract<WireType, { readonly kind: 'list' }>,
): readonly Typed[] {
  const item = inputTypeName(type.of);
  const items = inputTypeName(type);
  return [
    { name: 'eq', type: items, description: 'Is this list; `null`: is missing.' },
    { name: 'ne', type: items, description: 'Is not this list, or is missing; `null`: is there.' },
    { name: 'has', type: item, description: 'Has this item.' },
    { name: 'hasEvery', type: items, description: 'Has all of these items.' },
    { name: 'hasSome', type: items, description: 'Has at least one of these items.' },
    {
      name: 'isEmpty',
      type: 'Boolean',
      description: 'Is a list without items (`true`), is a list with items (`false`).',
    },
    isNull,
  ];
}

const isNull: Typed = {
  name: 'isNull',
  type: 'Boolean',
  description: 'Is missing (`true`), is there (`false`).',
};

function membership(value: string): readonly Typed[] {
  return [
    { name: 'in', type: `[${value}!]`, description: 'Is one of these.' },
    { name: 'notIn', type: `[${value}!]`, description: 'Is none of these, or is missing.' },
  ];
}

function comparisons(value: string, range: string): readonly Typed[] {
  return [
    { name: 'lt', type: value, description: 'Stands before this one.' },
    { name: 'lte', type: value, description: 'Is this one or stands before it.' },
    { name: 'gt', type: value, description: 'Stands after this one.' },
    { name: 'gte', type: value, description: 'Is this one or stands after it.' },
    { name: 'between', type: range, description: 'Is in the range, its ends included.' },
  ];
}

function textOperators(value: string): readonly Typed[] {
  const part = [
    { name: 'contains', description: 'Has this text in it' },
    { name: 'startsWith', description: 'Has this text at its start' },
    { name: 'endsWith', description: 'Has this text at its end' },
  ];
  const whole = { name: 'eq', description: 'Is this text' };
  return [
    ...part.map(({ name, description }) => ({ name, type: value, description: `${description}.` })),
    ...[whole, ...part].map(({ name, description }) => ({
      name: `${name}IgnoreCase`,
      type: value,
      description: `${description}, whatever is upper or lower case.`,
    })),
  ];
}
