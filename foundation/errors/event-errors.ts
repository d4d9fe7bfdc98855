import type { CatalogueEntry } from './catalogue-entry.ts';

/** Events, their subscribers and what tools send. */
export const eventErrors = {
  EVENT_CURSOR_INVALID: {
    audience: 'client',
    status: 400,
    message: 'The cursor "{cursor}" is none that a list of events gave.',
    hint: 'Pass a cursor or the endCursor of an earlier answer as it was given, or leave it out to begin at the beginning.',
  },
  EVENT_FILTER_INVALID: {
    audience: 'client',
    status: 400,
    message: '{problem}',
    hint: 'Events are called after their entity, such as CustomerCreated, CustomerUpdated and CustomerDeleted; leave a filter out to get all.',
  },
  EVENT_PAGE_SIZE_INVALID: {
    audience: 'client',
    status: 400,
    message: 'A page of {size} was asked for, and there is none of that size.',
    hint: 'Ask for 1 to {limit} at a time; the next page begins after the endCursor of this one.',
  },
  EVENT_BATCH_TOO_LARGE: {
    audience: 'client',
    status: 413,
    message: 'There are {count} events in one batch.',
    hint: 'Send up to {limit} at a time, in their order.',
  },
} as const satisfies Record<string, CatalogueEntry>;
