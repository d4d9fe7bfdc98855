import type { CatalogueEntry } from './catalogue-entry.ts';

/** Syncs of domains. */
export const syncErrors = {} as const satisfies Record<string, CatalogueEntry>;
