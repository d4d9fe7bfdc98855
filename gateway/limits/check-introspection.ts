import { raise } from '../../foundation/errors/tributary-error.ts';
import {
  countSchemaFields,
  countWholeSchema,
  type OperationOfSchema,
} from './count-schema-fields.ts';

/**
 * Refuses a valid operation that reads the schema too often over. The schema itself is the measure, so that tools may
 * know all of it however large it is.
 *
 * @param limit how often over; 0 means no limit
 * @throws INTROSPECTION_EXCEEDED
 */
export function checkIntrospection(asked: OperationOfSchema, limit: number): void {
  if (limit === 0 || countSchemaFields(asked, 0) === 0) return;
  const most = limit * countWholeSchema(asked.schema);
  if (countSchemaFields(asked, most) > most) throw raise('INTROSPECTION_EXCEEDED', { most, limit });
}
