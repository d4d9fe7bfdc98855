import type { FieldDefinitionNode } from 'graphql';
import pluralize from 'pluralize';
import type { DerivedDefinition } from './derived-types.ts';
import type { EntitySource } from './entity-source.ts';
import { aggregateArguments, listArguments } from './question-arguments.ts';
import { canBeSearched } from './search-definitions.ts';
import { objectType, outputField } from './sdl-nodes.ts';

/** The root fields that list an entity and that aggregate it. */
export function listFields({
  names,
  fields,
  onInputs,
}: EntitySource): readonly FieldDefinitionNode[] {
  const plural = pluralize(names.entity);
  return [
    outputField({
      name: names.many,
      description: `A page of ${plural}; unless sorted, the oldest in the lake first.`,
      arguments: listArguments(names.entity, fields.some(canBeSearched)),
      type: `${names.connection}!`,
      directives: onInputs,
    }),
    outputField({
      name: names.manyAggregate,
      description: `Figures of groups of ${plural}; of all as one group unless grouped.`,
      arguments: aggregateArguments(names.entity),
      type: `[${names.aggregate}!]!`,
      directives: onInputs,
    }),
  ];
}

/** The page of an entity, after the Relay specification. */
export function connectionDefinitions(source: EntitySource): readonly DerivedDefinition[] {
  const { entity, connection, edge } = source.names;
  const plural = pluralize(entity);
  const directives = source.onOutputs;
  const rank = {
    name: 'rank',
    type: 'Float',
    description:
      'How well it matches what was searched for, the greater the better; null without a search.',
  };
  return [
    objectType({ name: connection, description: `A page of ${plural}.`, directives }, [
      { name: 'nodes', type: `[${entity}!]!`, description: `The ${plural} of the page.` },
      { name: 'edges', type: `[${edge}!]!`, description: 'The same with a cursor each.' },
      { name: 'pageInfo', type: 'PageInfo!', description: 'Where the page stands in the list.' },
      {
        name: 'totalCount',
        type: 'Int!',
        description: 'How many there are in all pages; counted only when asked for.',
      },
    ]),
    objectType({ name: edge, description: `One ${entity} of a page.`, directives }, [
      { name: 'node', type: `${entity}!`, description: `The ${entity}.` },
      {
        name: 'cursor',
        type: 'String!',
        description: 'Its place in the list, for `after` and `before`.',
      },
      ...(source.fields.some(canBeSearched) ? [rank] : []),
    ]),
  ];
}
