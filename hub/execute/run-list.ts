import type { Rows } from '../../lake/engine.ts';
import type { Statement } from '../../lake/sql.ts';
import { JsonText } from '../../wire/json-text.ts';
import type { CompiledRoot } from '../compile/compile-operation.ts';
import { readListQuestion } from '../question/read-list-question.ts';
import type { Path } from '../shape/path.ts';
import { countStatement, existsBeyondStatement } from '../sql/page-sql.ts';
import type { PageSide } from '../sql/placed-rows-sql.ts';
import type { FetchedPage } from './fetched-rows.ts';
import { readJsonRows } from './read-json-rows.ts';
import { cutPage, placesOf, sidesOutside, type PlacedRows } from './read-page.ts';
import { readPlacedRows } from './read-placed-rows.ts';
import type { RunContext } from './run-context.ts';
import { withRelated } from './run-rows.ts';

type CompiledList = CompiledRoot & { readonly kind: 'list' };

/** Answers a list field; null when a null spread up to it. */
export async function runList(
  list: CompiledList,
  path: Path,
  context: RunContext,
): Promise<Record<string, unknown> | null> {
  const page = await readPage(list, context);
  return list.shape(page, path, context.shape);
}

async function readPage(compiled: CompiledList, context: RunContext): Promise<FetchedPage> {
  const { form, fetch } = compiled;
  const { model, projections, limits, variables, budget } = context;
  const { projection } = fetch;
  const list = form.fieldName;
  const question = readListQuestion({
    values: form.arguments.read(variables),
    entity: form.entity,
    model,
    limits,
    searched: context.searchedFields.get(form.entity.name) ?? [],
    list,
    kind: 'root',
  });
  const isPageSelected = ['nodes', 'edges', 'pageInfo'].some(isSelected);
  const sides = isSelected('pageInfo') ? sidesOutside(question) : [];
  const [found, totalCount, before, after] = await Promise.all([
    isPageSelected ? readRows() : { rows: noRows, isJson: false },
    isSelected('totalCount') ? count() : 0,
    sides.includes('before') && isAnything('before'),
    sides.includes('after') && isAnything('after'),
  ]);
  const { rows, isJson } = found;
  const numbers = Array.from({ length: rows.rowCount }, (_, row) => row);
  const cut = cutPage(numbers, question, { before, after });
  const rowCount = cut.rowNumbers.length;
  budget.spend(rowCount, list);
  // Nothing is fetched along with the row too many.
  const from = cut.rowNumbers[0] ?? 0;
  const columns = rows.columns.map((column) => column.slice(from, from + rowCount));
  return {
    ...cut,
    rowNumbers: numbers.slice(0, rowCount),
    nodes: isJson ? new JsonText(`[${(columns[0] ?? []).join(',')}]`) : undefined,
    rows: await withRelated(fetch, columns, rowCount, context),
    totalCount,
    ...placesOf(list, question, { columns, rowCount }),
  };

  async function readRows(): Promise<{ readonly rows: PlacedRows; readonly isJson: boolean }> {
    const json = await readJsonRows(compiled, question, context);
    const rows = json ?? (await readPlacedRows(question, fetch, context));
    return { rows, isJson: json !== undefined };
  }

  function isSelected(kind: string): boolean {
    return form.connection.some((member) => member.kind === kind);
  }

  async function count(): Promise<number> {
    const rows = await scan(countStatement(question, projection, projections), context);
    return Number(rows.columns[0]?.[0]);
  }

  async function isAnything(side: PageSide): Promise<boolean> {
    const beyond = existsBeyondStatement(question, side, projection, projections);
    return (await scan(beyond, context)).rowCount > 0;
  }
}

function scan(statement: Statement, { rowsRead }: RunContext): Promise<Rows> {
  return rowsRead.scan(statement);
}

const noRows: PlacedRows = { columns: [], rowCount: 0 };
