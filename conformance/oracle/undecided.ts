/**
 * The answer depends on the last bits of a mean, or on something that the documents leave open: such a question
 * proves nothing either way.
 */
export class Undecided extends Error {}

/** The documents say that this question is refused. */
export class Refused extends Error {}
