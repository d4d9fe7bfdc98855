import {
  GraphQLError,
  validate,
  ValuesOfCorrectTypeRule,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/**
 * Refuses values in the text of an operation that the hub's scalars do not take, such as a day that no calendar has.
 * A router in front knows the scalars by name only and lets them pass, and the compiler would take them for missing.
 *
 * @throws GraphQLError
 */
export function checkValues(document: DocumentNode, schema: GraphQLSchema): void {
  const [error] = validate(schema, document, [ValuesOfCorrectTypeRule], { maxErrors: 1 });
  if (error === undefined) return;
  throw new GraphQLError(error.message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}
