import type { CatalogueEntry } from './catalogue-entry.ts';

/** Events, their subscribers and what tools send. */
export const eventErrors = {} as const satisfies Record<string, CatalogueEntry>;
