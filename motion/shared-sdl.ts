/** What several parts of the subgraph use. */
export const problemSdl = /* GraphQL */ `
  "Something that was wrong with what was asked."
  type MotionProblem {
    "What kind of mistake it is, such as REQUIRED, INVALID, NOT_FOUND or TOO_LATE."
    code: String!
    "What was wrong and how to mend it."
    message: String!
    "The field of the input that it is about."
    field: String
  }
`;
