import pluralize from 'pluralize';
import { defaultPageSize } from './page-size.ts';
import { namesOf } from './names.ts';
import type { Typed } from './sdl-nodes.ts';

/** Of a page of all entities of a kind. */
export function listArguments(entityName: string, hasSearch: boolean): readonly Typed[] {
  const search: Typed = {
    name: 'search',
    type: namesOf(entityName).search,
    description: 'Only those with these words in their texts, by default the best first.',
  };
  return [
    where(entityName),
    orderBy(entityName),
    ...(hasSearch ? [search] : []),
    ...paging,
    offset,
  ];
}

/** Of a page of related entities. */
export function relatedPageArguments(entityName: string): readonly Typed[] {
  return [where(entityName), orderBy(entityName), ...paging, offset];
}

/** Of related entities as a plain list. */
export function relatedRowsArguments(entityName: string): readonly Typed[] {
  const first: Typed = {
    name: 'first',
    type: 'Int',
    description: 'How many at most; all unless given.',
  };
  return [
    where(entityName),
    orderBy(entityName),
    first,
    { ...offset, description: 'How many to skip.' },
  ];
}

/** Of the figures of groups of all entities of a kind. */
export function aggregateArguments(entityName: string): readonly Typed[] {
  const names = namesOf(entityName);
  return [
    where(entityName),
    {
      name: 'groupBy',
      type: `[${names.groupBy}!]`,
      description:
        'What the rows of one group have in common; all rows are one group unless given.',
    },
    { name: 'having', type: names.having, description: 'Only groups that are like this.' },
    {
      name: 'orderBy',
      type: `[${names.aggregateOrder}]`,
      description: 'What to sort the groups by, the most important first; their keys unless given.',
    },
    { name: 'limit', type: 'Int', description: 'How many groups at most.' },
    { name: 'offset', type: 'Int', description: 'How many groups to skip.' },
  ];
}

export function where(entityName: string): Typed {
  return {
    name: 'where',
    type: namesOf(entityName).filter,
    description: `Only ${pluralize(entityName)} that are like this.`,
  };
}

/** Empty items are passed over, so that a caller may leave out what it does not need. */
function orderBy(entityName: string): Typed {
  return {
    name: 'orderBy',
    type: `[${namesOf(entityName).order}]`,
    description: 'What to sort by, the most important first.',
  };
}

const paging: readonly Typed[] = [
  {
    name: 'first',
    type: 'Int',
    description: `How many at most: ${defaultPageSize} unless given.`,
  },
  { name: 'after', type: 'String', description: 'The `endCursor` of the page before.' },
  { name: 'last', type: 'Int', description: 'How many at most, counted from the end.' },
  { name: 'before', type: 'String', description: 'The `startCursor` of the page after.' },
];

const offset: Typed = {
  name: 'offset',
  type: 'Int',
  description: 'How many to skip, after the cursor if there is one.',
};
