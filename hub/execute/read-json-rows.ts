import type { CompiledRoot } from '../compile/compile-operation.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { canWriteJson } from '../sql/json-sql.ts';
import { jsonRowsSql } from '../sql/json-rows-sql.ts';
import type { PlacedRows } from './read-page.ts';
import { readPlacedRows } from './read-placed-rows.ts';
import type { RunContext } from './run-context.ts';

/** Of fewer rows the making of values in JavaScript costs no more than that of JSON in the lake. */
const fewestRows = 200;

/**
 * The rows of a large page as JSON that the lake wrote: the text of an object in the first column. Undefined where the
 * answer cannot have such text, or a row has something in it of which an error has to tell.
 */
export async function readJsonRows(
  { json, fetch }: CompiledRoot & { readonly kind: 'list' },
  question: ListQuestion,
  context: RunContext,
): Promise<PlacedRows | undefined> {
  const { wire } = context.shape;
  const { limit } = question.page;
  if (!context.takesJsonText || json === undefined || limit === undefined || limit < fewestRows)
    return undefined;
  const isWritable = json.every(
    (member) => member.kind === 'typename' || canWriteJson(member.field, wire),
  );
  if (!isWritable) return undefined;
  const rows = await readPlacedRows(question, fetch, context, (found, behind) =>
    jsonRowsSql(found, json, behind, wire),
  );
  const isWhole = (rows.columns[1] ?? []).every((isRowWhole) => isRowWhole === true);
  return isWhole ? rows : undefined;
}
