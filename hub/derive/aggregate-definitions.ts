import pluralize from 'pluralize';
import { hiddenIfAllAre } from './hide-inaccessible.ts';
import type { DerivedDefinition } from './derived-types.ts';
import { onAnswer, onQuestion, type EntitySource, type FieldSource } from './entity-source.ts';
import { figureShapes } from './figure-kinds.ts';
import { measureInputs } from './figure-definitions.ts';
import { connectives } from './filter-definitions.ts';
import { figureNames, rowOrderName, timeBucketName } from './names.ts';
import {
  canBeEnumValue,
  enumType,
  inputType,
  objectType,
  type Typed,
  type TypedField,
} from './sdl-nodes.ts';
import { isInCalendar } from './value-kinds.ts';

/** What a group of rows has in common, what can be said of it, and what a question says of groups. */
export function aggregateDefinitions(source: EntitySource): readonly DerivedDefinition[] {
  const { names, onInputs, onOutputs } = source;
  const plural = pluralize(names.entity);
  const grouped = source.fields.filter(canGroupBy);
  return [
    objectType(
      {
        name: names.aggregate,
        description: `Figures of a group of ${plural}.`,
        directives: onOutputs,
      },
      aggregateFields(source),
    ),
    objectType(
      {
        name: names.aggregateKeys,
        description: `What the ${plural} of a group have in common: what was grouped by.`,
        directives: onOutputs,
      },
      [
        ...grouped.map((field) => ({ ...onAnswer(field), type: field.type })),
        ...source.toOne.map((relation) => ({
          ...onAnswer(relation),
          type: `${relation.target.aggregateKeys}!`,
        })),
      ],
    ),
    inputType(
      {
        name: names.groupBy,
        description: `What the ${plural} of one group have in common: a field, or that of a relation to one.`,
        directives: onInputs,
      },
      groupByFields(source, grouped),
    ),
    enumType(
      {
        name: names.field,
        description: `The fields that ${plural} can be grouped by.`,
        directives: onInputs,
      },
      grouped.map(onQuestion),
    ),
    inputType(
      {
        name: names.having,
        description: `Which groups of ${plural}: those of which all of this holds.`,
        directives: onInputs,
      },
      [...measureInputs(names.entity, 'condition'), ...connectives(names.having)],
    ),
    inputType(
      {
        name: names.aggregateOrder,
        description: `What to sort groups of ${plural} by; exactly one.`,
        directives: onInputs,
      },
      [
        ...measureInputs(names.entity, 'order'),
        { name: 'keys', type: names.keysOrder, description: 'What was grouped by.' },
      ],
    ),
    inputType(
      {
        name: names.keysOrder,
        description: `What ${plural} were grouped by, to sort their groups by; exactly one.`,
        directives: onInputs,
      },
      [
        ...grouped.map((field) => ({ ...onQuestion(field), type: rowOrderName })),
        ...source.toOne.map((relation) => ({
          ...onQuestion(relation),
          type: relation.target.keysOrder,
        })),
      ],
    ),
  ];
}

function canGroupBy(field: FieldSource): boolean {
  return field.wireType.kind !== 'list' && canBeEnumValue(field.name);
}

function aggregateFields({ names }: EntitySource): readonly TypedField[] {
  const shares: Typed = {
    name: 'at',
    type: '[Float!]!',
    description: 'The shares, each between 0 and 1.',
  };
  return [
    {
      name: 'keys',
      type: names.aggregateKeys,
      description: 'What the rows have in common; null where nothing was grouped by.',
    },
    { name: 'count', type: 'Int!', description: 'How many rows there are.' },
    ...figureShapes.flatMap(({ kind, measures }) =>
      measures.map((measure) => ({
        ...measure,
        type: `${figureNames(names.entity, kind).output}!`,
        arguments: kind === 'Quantiles' ? [shares] : [],
      })),
    ),
  ];
}

function groupByFields(
  { names, toOne }: EntitySource,
  grouped: readonly FieldSource[],
): readonly Typed[] {
  const inCalendar = grouped.filter(({ wireType }) => isInCalendar(wireType));
  const times = inCalendar.filter(({ wireType }) => wireType.kind === 'dateTime');
  return [
    { name: 'field', type: names.field, description: 'The field whose values tell groups apart.' },
    ...(inCalendar.length === 0
      ? []
      : [
          {
            name: 'bucket',
            type: timeBucketName,
            description: 'Which dates or times come into one group; each its own unless given.',
            directives: hiddenIfAllAre(inCalendar),
          },
        ]),
    ...(times.length === 0
      ? []
      : [
          {
            name: 'timeZone',
            type: 'String',
            description: 'Where buckets of times begin: an IANA name; UTC unless given.',
            directives: hiddenIfAllAre(times),
          },
        ]),
    ...toOne.map((relation) => ({ ...onQuestion(relation), type: relation.target.groupBy })),
  ];
}
