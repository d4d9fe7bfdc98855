import { bindSlots, join, literal, render, sql, type Sql, type Statement } from '../../lake/sql.ts';
import type { Projection } from '../../mapping/projection.ts';
import type { Condition } from '../question/condition.ts';
import type { GroupOrderTerm, GroupQuestion } from '../question/grouping.ts';
import type { Measure } from '../question/measure.ts';
import { measureText } from '../question/path-text.ts';
import { boundValue } from './bound-value.ts';
import { conditionSql } from './condition-sql.ts';
import { figureName, groupFiguresSql, keyName } from './group-figures-sql.ts';
import type { Projections } from './projections.ts';
import { Source } from './source.ts';
import { whereSql } from './where-sql.ts';
import { comparedSql } from './text-sql.ts';
import { bucketSql, bucketStartSql, zoneSlots } from './time-bucket-sql.ts';

/**
 * The groups that a question asks for. Columns: its keys, then the measures, each in the order given.
 *
 * @param measures all different; those that the question itself goes by need not be among them
 * @param rowLimit how many groups at most, whatever the question's own limit
 */
export function groupStatement(
  question: GroupQuestion,
  measures: readonly Measure[],
  projection: Projection,
  projections: Projections,
  rowLimit: number,
): Statement {
  const source = Source.of(projection, projections);
  const figures = new Figures(measures);
  const keys = question.keys.map((key) => bucketSql(key, source.field(key.path)));
  const selected = [
    ...question.keys.map((key, position) => bucketStartSql(key, keyName(position))),
    ...measures.map((measure) => figures.nameOf(measure)),
  ];
  if (selected.length === 0) selected.push(figures.nameOf({ kind: 'count' }));
  const having = conditionsOf(question.having, source, figures);
  const order = orderSql(question, figures);
  const groups = groupFiguresSql({
    source,
    keys,
    conditions: conditionsOf(question.where, source),
    measures: figures.all(),
  });
  const statement = sql`SELECT ${join(selected, ', ')} FROM (${groups}) AS f${whereSql(having)}${order}${limitSql(question, rowLimit)}`;
  return bindSlots(render(statement), zoneSlots(question.keys));
}

/** The figures that a statement has to make, each but once. */
class Figures {
  readonly #measures: Measure[] = [];
  readonly #positions = new Map<string, number>();

  constructor(measures: readonly Measure[]) {
    for (const measure of measures) this.nameOf(measure);
  }

  nameOf(measure: Measure): Sql {
    const text = measureText(measure);
    if (!this.#positions.has(text)) {
      this.#positions.set(text, this.#measures.length);
      this.#measures.push(measure);
    }
    return figureName(this.#positions.get(text) ?? 0);
  }

  all(): readonly Measure[] {
    return this.#measures;
  }
}

function conditionsOf(condition: Condition, source: Source, figures?: Figures): readonly Sql[] {
  if (condition.kind === 'always') return [];
  const measured =
    figures === undefined ? {} : { measure: (measure: Measure) => figures.nameOf(measure) };
  return [conditionSql(condition, { source, ...measured })];
}

function orderSql({ order, keys }: GroupQuestion, figures: Figures): Sql {
  // Where nothing is grouped by there is one row.
  if (keys.length === 0 || order.length === 0) return sql``;
  const terms = order.map((term) => {
    const way = term.isDescending ? sql`DESC` : sql`ASC`;
    const nulls = term.hasNullsFirst ? sql`NULLS FIRST` : sql`NULLS LAST`;
    return sql`${placeSql(term)} ${way} ${nulls}`;
  });
  return sql` ORDER BY ${join(terms, ', ')}`;

  function placeSql({ by }: GroupOrderTerm): Sql {
    if (by.kind === 'measure') return figures.nameOf(by.measure);
    const key = keys[by.position];
    // Keys are selected first; the beginning of a bucket is more than a column.
    return key === undefined || key.bucket !== undefined
      ? literal(by.position + 1)
      : comparedSql(keyName(by.position), key.path.source.field);
  }
}

function limitSql({ offset }: GroupQuestion, rowLimit: number): Sql {
  const limit = sql` LIMIT ${boundValue(rowLimit, { kind: 'BIGINT' })}`;
  return offset === 0 ? limit : sql`${limit} OFFSET ${boundValue(offset, { kind: 'BIGINT' })}`;
}
