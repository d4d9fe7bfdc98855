/** How far a question may go; each has a setting of the same name under `graph.limits`. */
export interface HubLimits {
  /** Most rows of one page. */
  readonly pageSize: number;
  /** Levels of selection sets. */
  readonly selectionDepth: number;
  /** Levels of filters within filters. */
  readonly filterDepth: number;
  /** Conditions in all filters of an operation; one on related rows counts as 20. */
  readonly conditions: number;
  /** Values in all lists of an operation's conditions. */
  readonly listValues: number;
  readonly orderTerms: number;
  readonly groupKeys: number;
  /** Groups of one aggregate. */
  readonly groups: number;
  /** Rows of the lake in one answer, over all its fields. */
  readonly rowsInAnswer: number;
  /** Rows that one operation may make the lake look at. */
  readonly rowsRead: number;
  /** The longest that a statement may wait and run. */
  readonly timeoutMs: number;
}

export const defaultLimits: HubLimits = {
  pageSize: 10_000,
  selectionDepth: 64,
  filterDepth: 64,
  conditions: 2_000,
  listValues: 20_000,
  orderTerms: 10,
  groupKeys: 8,
  groups: 10_000,
  rowsInAnswer: 100_000,
  rowsRead: 200_000_000,
  timeoutMs: 20_000,
};
