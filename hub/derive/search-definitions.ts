import pluralize from 'pluralize';
import type { DerivedDefinition } from './derived-types.ts';
import { onQuestion, type EntitySource, type FieldSource } from './entity-source.ts';
import { hiddenIfAllAre } from './hide-inaccessible.ts';
import { canBeEnumValue, enumType, inputType } from './sdl-nodes.ts';
import { isText } from './value-kinds.ts';

/** What a question says to search an entity's texts; there is none for an entity without any. */
export function searchDefinitions(source: EntitySource): readonly DerivedDefinition[] {
  const { names, onInputs } = source;
  const plural = pluralize(names.entity);
  const fields = source.fields.filter(canBeSearched);
  if (fields.length === 0) return [];
  return [
    inputType(
      {
        name: names.search,
        description: `The ${plural} in which every word of a text occurs, whatever the case and the accents.`,
        directives: [...onInputs, ...hiddenIfAllAre(fields)],
      },
      [
        { name: 'text', type: 'String', description: 'The words; without any, nothing is asked.' },
        {
          name: 'fields',
          type: `[${names.searchField}!]`,
          description: 'Where they may occur: all texts and ids unless given.',
        },
      ],
    ),
    enumType(
      {
        name: names.searchField,
        description: `The texts and ids of ${plural}.`,
        directives: onInputs,
      },
      fields.map(onQuestion),
    ),
  ];
}

export function canBeSearched(field: FieldSource): boolean {
  return isText(field.wireType) && canBeEnumValue(field.name);
}
