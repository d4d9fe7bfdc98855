import pluralize from 'pluralize';

/** `_hub` sorts before every name that a domain may have: planners break ties by name, and the hub has to win them. */
export const hubName = '_hub';

/** The names in the graph that the hub derives from an entity's name. */
export interface EntityNames {
  /** Root field for one by key: `customer`. */
  readonly one: string;
  /** Root field for a list: `customers`. */
  readonly many: string;
  /** `CustomerConnection` */
  readonly connection: string;
  /** `CustomerEdge` */
  readonly edge: string;
}

export function namesOf(entityName: string): EntityNames {
  const one = entityName.charAt(0).toLowerCase() + entityName.slice(1);
  const plural = pluralize(one);
  return {
    one,
    many: plural === one ? `${one}List` : plural,
    connection: `${entityName}Connection`,
    edge: `${entityName}Edge`,
  };
}
