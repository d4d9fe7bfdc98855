import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import type { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { identityKey, type TablePart } from '../../ledger/table-part.ts';
import { foldCase } from '../../mapping/lake-name.ts';
import type { ColumnDefinition, LakeModel, SqlType } from '../../mapping/model.ts';
import type { RuleInput } from './declaration-schema.ts';
import type { Rule, RuleKind, SyncedColumn } from './sync-declaration.ts';

interface DeclaredRule {
  readonly rule: RuleInput;
  readonly find: (column: string) => ColumnDefinition;
  readonly part: TablePart;
  readonly model: LakeModel;
  readonly invalid: (problem: string) => TributaryError;
}

export function resolveRule({ rule, find, part, model, invalid }: DeclaredRule): Rule {
  const { name: column, sqlType } = find(rule.column);
  const named = (kind: RuleKind): Rule => ({ name: `${column}: ${kind.kind}`, column, ...kind });
  if (rule.notNull !== undefined) return named({ kind: 'notNull' });
  if (rule.unique !== undefined) return named({ kind: 'unique' });
  if (rule.in !== undefined) return named({ kind: 'in', values: rule.in.map(String) });
  if (rule.pattern !== undefined) {
    const problem = patternProblem(rule.pattern);
    if (problem !== undefined) throw invalid(problem);
    return named({ kind: 'pattern', pattern: rule.pattern });
  }
  if (rule.range !== undefined) {
    const { min, max } = rule.range;
    if (min === undefined && max === undefined) throw invalid('a range has a min, a max or both');
    for (const bound of [min, max]) {
      const problem = bound === undefined ? undefined : boundProblem(bound, sqlType);
      if (problem !== undefined) throw invalid(problem);
    }
    return named({ kind: 'range', min, max });
  }
  return named(resolveReference(rule.reference ?? '', column, { model, invalid, part }));
}

/**
 * What the schema says of the columns is a rule as well: a field or relation that is never null and has no
 * default, and the values of an enum. A row that broke it would only show as an error when somebody asks for it.
 */
export function impliedRules(part: TablePart, columns: readonly SyncedColumn[]): readonly Rule[] {
  const { fields } = part.part;
  return columns.flatMap(({ name: column }) => {
    const found = fields.find(
      ({ expression }) =>
        expression.kind === 'column' && foldCase(expression.column) === foldCase(column),
    );
    if (part.key.includes(column)) return [];
    const rules: Rule[] = [];
    const leadsOn = part.references.some(
      ({ columns: own, isNonNull }) => isNonNull && own.includes(column),
    );
    const isNeeded = found !== undefined && found.isNonNull && found.defaultValue === undefined;
    if (leadsOn || isNeeded) rules.push({ name: `${column}: notNull`, column, kind: 'notNull' });
    if (found?.wireType.kind === 'enum')
      rules.push({ name: `${column}: in`, column, kind: 'in', values: [...found.wireType.values] });
    return rules;
  });
}

function resolveReference(
  name: string,
  column: string,
  { model, invalid, part }: Pick<DeclaredRule, 'model' | 'invalid' | 'part'>,
): RuleKind {
  const entity = model.entities.get(name);
  if (entity === undefined)
    throw invalid(`there is no entity ${name}. ${didYouMean(name, model.entities.keys())}`);
  const [identityColumn, another] = identityKey(entity);
  if (identityColumn === undefined || another !== undefined)
    throw invalid(`${name} cannot be named by one column: its key has several`);
  const { domain, table } = entity.identity;
  const leads = part.references.some(
    ({ columns, target }) => target === entity && columns.includes(column),
  );
  const isPart = part.entity === entity && part.key.includes(column) && !part.isIdentity;
  return {
    kind: 'reference',
    entity: name,
    domain,
    table,
    identityColumn,
    isRelation: leads || isPart,
  };
}

/** DuckDB matches by RE2, which has no way to look ahead or back. */
function patternProblem(pattern: string): string | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern))
    return 'a pattern of RE2 neither looks ahead or back nor repeats what a group matched';
  try {
    void new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function boundProblem(bound: string | number, { kind }: SqlType): string | undefined {
  switch (kind) {
    case 'INTEGER':
    case 'BIGINT':
    case 'DOUBLE':
    case 'DECIMAL':
      return typeof bound === 'number' ? undefined : `${bound} is no number`;
    case 'DATE':
    case 'TIMESTAMPTZ':
      return Number.isNaN(Date.parse(String(bound))) ? `${bound} is no date` : undefined;
    case 'VARCHAR':
      return undefined;
    case 'BOOLEAN':
    case 'LIST':
      return 'values of this type have no order';
  }
}
