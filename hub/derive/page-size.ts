/** Items of a page when the question does not say how many, and the most that it may ask for. */
export const defaultPageSize = 50;
export const maximumPageSize = 10_000;
