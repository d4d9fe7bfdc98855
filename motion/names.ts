import pluralize from 'pluralize';

/**
 * The subgraph of what moves. It sorts behind `_hub`, and it shares no field with it but keys: planners, who break
 * ties by name, have no reason to come here for what the lake holds.
 */
export const ledgerName = '_ledger';

/** The names in the graph that are derived from the name of an entity with events. */
export interface MotionNames {
  /** Field of `Subscription`: `customerEvents`. */
  readonly events: string;
  /** Field of `Query`: `customerDuplicates`. */
  readonly duplicates: string;
  /** `CustomerDuplicates` */
  readonly duplicatesType: string;
  /** The field of `CustomerDuplicates` that lists them: `customers`. */
  readonly many: string;
  /** `CustomerCreated`, `CustomerUpdated`, `CustomerDeleted`. */
  readonly eventTypes: readonly string[];
}

export function motionNamesOf(entityName: string): MotionNames {
  const one = entityName.charAt(0).toLowerCase() + entityName.slice(1);
  const plural = pluralize(one);
  return {
    events: `${one}Events`,
    duplicates: `${one}Duplicates`,
    duplicatesType: `${entityName}Duplicates`,
    many: plural === one ? `${one}List` : plural,
    eventTypes: ['Created', 'Updated', 'Deleted'].map((change) => `${entityName}${change}`),
  };
}

/** The field of an entity that tells its version. */
export const versionField = 'identityVersion';
