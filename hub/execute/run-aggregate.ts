import { raise } from '../../foundation/errors/tributary-error.ts';
import type { AggregateForm } from '../compile/intermediate-form.ts';
import type { GroupQuestion } from '../question/grouping.ts';
import { readGroupQuestion } from '../question/read-group-question.ts';
import type { Path } from '../shape/path.ts';
import { shapeOfAggregate } from '../shape/shape-aggregate.ts';
import { groupStatement } from '../sql/group-sql.ts';
import { readGroups } from './read-groups.ts';
import type { RunContext } from './run-context.ts';

/**
 * Answers an aggregate field: an item for each group.
 *
 * @throws TributaryError, which makes the field null; values that cannot be written are reported where they stand
 */
export async function runAggregate(
  form: AggregateForm,
  context: RunContext,
): Promise<readonly Record<string, unknown>[]> {
  const { entity, fieldName: field, responseKey } = form;
  const { model, projections, limits, filters, variables, budget } = context;
  const values = form.arguments.read(variables);
  const question = readGroupQuestion(values, { entity, model, limits, filters, field });
  const { keys } = question;
  const { measures, shape } = shapeOfAggregate(form.selection, { keys, variables, field });
  const projection = projections.get(entity.name);
  if (projection === undefined) throw new Error(`There is no projection of ${entity.name}`);
  const most = mostGroups(question, context);
  const statement = groupStatement(question, measures, projection, projections, most);
  const { columns, rowCount } = await readGroups(statement, 'scan', field, context);
  if (question.limit === undefined && rowCount > limits.groups)
    throw raise('TOO_MANY_GROUPS', { field, limit: limits.groups });
  budget.spend(rowCount, field);
  const root: Path = { previous: undefined, key: responseKey };
  return Array.from({ length: rowCount }, (_, row) => {
    const group = columns.map((column) => column[row] ?? null);
    return shape(group, { previous: root, key: row }, context.shape);
  });
}

/** One more than there may be is enough to know that there are too many. */
function mostGroups({ limit }: GroupQuestion, { limits, budget }: RunContext): number {
  return Math.min(limit ?? limits.groups + 1, budget.left + 1);
}
