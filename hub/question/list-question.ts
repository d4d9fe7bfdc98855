import type { LakeValue } from '../../lake/sql.ts';
import type { Condition } from './condition.ts';
import type { Order } from './order.ts';
import type { Search } from './search.ts';

/** Which rows of an entity, in which order, and which piece of them. */
export interface ListQuestion {
  readonly where: Condition;
  readonly search: Search | undefined;
  readonly order: Order;
  readonly page: Page;
  /** Whether the order is the default one of the list, which nobody asked for. */
  readonly isDefaultOrder: boolean;
}

export interface Page {
  /** Backward pages are counted from their end, and still come in the order asked for. */
  readonly direction: 'forward' | 'backward';
  /** Undefined for related rows that are asked for without a page's size: all of them. */
  readonly limit: number | undefined;
  readonly offset: number;
  readonly after: CursorPlace | undefined;
  readonly before: CursorPlace | undefined;
}

/** The values of a row by which the order places it, one for each term. */
export type CursorPlace = readonly LakeValue[];
