import pluralize from 'pluralize';
import type { DerivedDefinition, DerivedTypes } from './derived-types.ts';
import { onQuestion, type EntitySource } from './entity-source.ts';
import { measureInputs } from './figure-definitions.ts';
import { relationNames, rowOrderName, timeBucketName } from './names.ts';
import { enumType, inputType } from './sdl-nodes.ts';

/** Orders of an entity's rows, and of rows that have many of them. */
export function orderDefinitions(source: EntitySource): readonly DerivedDefinition[] {
  const { names, onInputs: directives } = source;
  const plural = pluralize(names.entity);
  const order = inputType(
    { name: names.order, description: `What to sort ${plural} by; exactly one.`, directives },
    [
      ...source.fields
        .filter(({ wireType }) => wireType.kind !== 'list')
        .map((field) => ({ ...onQuestion(field), type: rowOrderName })),
      ...source.toOne.map((relation) => ({ ...onQuestion(relation), type: relation.target.order })),
      ...source.toMany.map((relation) => ({
        ...onQuestion(relation),
        name: relationNames(relation.name).aggregate,
        type: relation.target.measureOrder,
      })),
    ],
  );
  const byFigures = inputType(
    {
      name: names.measureOrder,
      description: `The figure of related ${plural} to sort by; exactly one.`,
      directives,
    },
    measureInputs(names.entity, 'order'),
  );
  return [order, byFigures];
}

/** The ways to sort by a thing, and the pieces of time to group by. */
export function sharedEnums(): DerivedTypes {
  return { origin: 'every entity', definitions: [rowOrder, timeBucket] };
}

const rowOrder = enumType(
  {
    name: rowOrderName,
    description: 'A direction to sort in; missing values come last unless said otherwise.',
  },
  [
    { name: 'ASC', description: 'The smallest first.' },
    { name: 'DESC', description: 'The greatest first.' },
    { name: 'ASC_NULLS_FIRST', description: 'The missing first, then the smallest.' },
    { name: 'ASC_NULLS_LAST', description: 'The smallest first, the missing last.' },
    { name: 'DESC_NULLS_FIRST', description: 'The missing first, then the greatest.' },
    { name: 'DESC_NULLS_LAST', description: 'The greatest first, the missing last.' },
  ],
);

const timeBucket = enumType(
  {
    name: timeBucketName,
    description: 'A piece of the calendar; its key is the moment or the day at which it begins.',
  },
  [
    { name: 'YEAR', description: 'A year of the calendar.' },
    { name: 'QUARTER', description: 'Three months, from January, April, July or October.' },
    { name: 'MONTH', description: 'A month of the calendar.' },
    { name: 'WEEK', description: 'Seven days from Monday.' },
    { name: 'DAY', description: 'A day of the calendar.' },
    { name: 'HOUR', description: 'An hour; of times only.' },
  ],
);
