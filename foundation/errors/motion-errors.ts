import type { CatalogueEntry } from './catalogue-entry.ts';

/** What the gateway lets callers and operators do with all that moves. */
export const motionErrors = {} as const satisfies Record<string, CatalogueEntry>;
