/** Rows of a page when the question does not say how many. */
export const defaultPageSize = 50;
