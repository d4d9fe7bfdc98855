import pluralize from 'pluralize';
import { onQuestion, type EntitySource } from './entity-source.ts';
import { conditionName, namesOf } from './names.ts';
import { inputType, type Typed } from './sdl-nodes.ts';
import type { DerivedDefinition } from './derived-types.ts';

/** Filters of an entity's rows, and of those that a relation to many of them leads to. */
export function filterDefinitions(source: EntitySource): readonly DerivedDefinition[] {
  const { names, onInputs: directives } = source;
  const plural = pluralize(names.entity);
  const filter = inputType(
    {
      name: names.filter,
      description: `Which ${plural}: those of which all of this holds.`,
      directives,
    },
    [
      ...source.fields.map((field) => ({
        ...onQuestion(field),
        type: conditionName(field.wireType),
      })),
      ...source.toOne.map((relation) => ({
        ...onQuestion(relation),
        type: relation.target.filter,
      })),
      ...source.toMany.map((relation) => ({
        ...onQuestion(relation),
        type: relation.target.listFilter,
      })),
      ...connectives(names.filter),
    ],
  );
  const ofRelated = inputType(
    {
      name: names.listFilter,
      description: `What the related ${plural} of a row have to be like; all of it holds.`,
      directives,
    },
    relatedConditions(names.entity),
  );
  return [filter, ofRelated];
}

/** What a filter says besides its fields: no field of the lake may be called so. */
export const connectiveNames: readonly string[] = ['and', 'or', 'not'];

export function connectives(type: string): readonly Typed[] {
  return [
    { name: 'and', type: `[${type}!]`, description: 'All of these hold.' },
    {
      name: 'or',
      type: `[${type}!]`,
      description: 'At least one of these holds; with an empty list nothing does.',
    },
    { name: 'not', type, description: 'The opposite of this holds.' },
  ];
}

function relatedConditions(entityName: string): readonly Typed[] {
  const { filter, having } = namesOf(entityName);
  return [
    { name: 'some', type: filter, description: 'At least one is like this.' },
    {
      name: 'every',
      type: filter,
      description: 'All are like this; so they are where there are none.',
    },
    { name: 'none', type: filter, description: 'None is like this.' },
    {
      name: 'where',
      type: filter,
      description: 'Those that `count` and `having` look at; all unless given.',
    },
    { name: 'count', type: 'IntCondition', description: 'How many there are.' },
    { name: 'having', type: having, description: 'What their figures are.' },
  ];
}
