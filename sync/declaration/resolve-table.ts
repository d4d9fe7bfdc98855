import { resolve } from 'node:path';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import {
  raise,
  type SourceLocation,
  type TributaryError,
} from '../../foundation/errors/tributary-error.ts';
import { partsOfTable, type TablePart } from '../../ledger/table-part.ts';
import { foldCase } from '../../mapping/lake-name.ts';
import type { ColumnDefinition, LakeModel } from '../../mapping/model.ts';
import type { ColumnInput, DeclarationInput, TableInput } from './declaration-schema.ts';
import { parseDuration } from './duration.ts';
import { impliedRules, resolveRule } from './resolve-rules.ts';
import type {
  Limit,
  Paging,
  Schedule,
  SyncedColumn,
  SyncSource,
  TableSync,
  Tombstone,
  Watermark,
} from './sync-declaration.ts';
import type { YamlPath } from './yaml-document.ts';

interface TableDeclaration {
  readonly domain: string;
  readonly name: string;
  readonly input: TableInput;
  /** Of the whole file. */
  readonly schedule: DeclarationInput['schedule'];
  readonly model: LakeModel;
  readonly projectDirectory: string;
  readonly locate: (path: YamlPath) => SourceLocation;
}

/** A table of a declaration, with the names in it found in the model. */
export function resolveTable(declaration: TableDeclaration): TableSync {
  const { domain, input, model } = declaration;
  const part = findPart(declaration);
  const place = (...path: YamlPath): SourceLocation =>
    declaration.locate(['tables', declaration.name, ...path]);
  const invalid = (path: YamlPath, problem: string): TributaryError => {
    const setting = ['tables', declaration.name, ...path].join('.');
    return raise('SYNC_SETTING_INVALID', { setting, problem }, { at: place(...path) });
  };
  const columns = resolveColumns(declaration, part, place);
  const isPushed = input.source.push === true;
  if (isPushed && (input.schedule ?? input.reconcile) !== undefined) {
    const name = input.schedule === undefined ? 'reconcile' : 'schedule';
    throw invalid([name], 'pushed rows come by themselves, so nothing can be scheduled');
  }
  const find = (column: string, path: YamlPath): ColumnDefinition =>
    findColumn(declaration, part, column, place(...path));
  const rules = input.rules.map((rule, position) =>
    resolveRule({
      rule,
      find: (column) => find(column, ['rules', position, 'column']),
      model,
      part,
      invalid: (problem) => invalid(['rules', position], problem),
    }),
  );
  const synced = new Set(columns.map(({ name }) => name));
  const unsynced = rules.findIndex(({ column }) => !synced.has(column));
  if (unsynced >= 0)
    throw invalid(['rules', unsynced], `the sync does not write ${rules[unsynced]?.column ?? ''}`);
  return {
    domain,
    table: part.part.table,
    source: resolveSource(input.source, declaration.projectDirectory),
    schedule: isPushed
      ? undefined
      : scheduleOf(input.schedule ?? declaration.schedule ?? {}, declaration),
    reconcile: input.reconcile && scheduleOf(input.reconcile, declaration),
    columns,
    key: part.key,
    watermark: resolveWatermark(input, invalid),
    tombstone: input.tombstone && resolveTombstone(input.tombstone),
    rules: [...impliedRules(part, columns), ...rules],
    threshold: limitOf(input.threshold),
    removals: limitOf(input.removals),
    objectiveMs: input.objective === undefined ? undefined : parseDuration(input.objective),
    location: place(),
  };
}

function findPart({ domain, name, model, locate }: TableDeclaration): TablePart {
  const [part] = partsOfTable(model, domain, name);
  const at = locate(['tables', name]);
  if (part === undefined) {
    const own = model.domains.find((candidate) => candidate.name === domain);
    const known = new Set(own?.types.map(({ table }) => table));
    throw raise(
      'SYNC_TABLE_UNKNOWN',
      { domain, table: name, advice: didYouMean(name, known) },
      { at },
    );
  }
  if (part.isIdentity && part.part.leanFields !== undefined)
    throw raise('SYNC_TABLE_LIVE', { domain, table: name, entity: part.entity.name }, { at });
  return part;
}

function resolveColumns(
  declaration: TableDeclaration,
  part: TablePart,
  place: (...path: YamlPath) => SourceLocation,
): readonly SyncedColumn[] {
  const { input } = declaration;
  const inputs = new Map<string, { readonly column: ColumnInput; readonly isExpected: boolean }>();
  const definitions = part.definition.columns;
  if (input.columns === undefined) {
    for (const { name, mayBeMissing } of definitions)
      inputs.set(name, { column: name, isExpected: !mayBeMissing });
  }
  for (const name of part.key) inputs.set(name, { column: name, isExpected: true });
  for (const [section, columns] of [
    ['key', input.key],
    ['columns', input.columns ?? {}],
  ] as const)
    for (const [name, column] of Object.entries(columns)) {
      const found = findColumn(declaration, part, name, place(section, name));
      inputs.set(found.name, { column, isExpected: true });
    }
  return definitions
    .filter(({ name }) => inputs.has(name))
    .map(({ name, sqlType }) => {
      const { column, isExpected } = inputs.get(name) ?? { column: name, isExpected: true };
      const form = typeof column === 'string' ? { from: column } : column;
      return {
        name,
        sqlType,
        isExpected,
        from: form.from ?? name,
        trim: 'trim' in form && form.trim,
        nullIf: 'nullIf' in form ? form.nullIf.map(String) : [],
        map: 'map' in form ? Object.entries(form.map).map(([from, to]) => [from, String(to)]) : [],
        fallback:
          'default' in form && form.default !== undefined ? String(form.default) : undefined,
      };
    });
}

function findColumn(
  { domain, name: table }: TableDeclaration,
  { definition }: TablePart,
  column: string,
  at: SourceLocation,
): ColumnDefinition {
  const found = definition.columns.find(({ name }) => foldCase(name) === foldCase(column));
  if (found !== undefined) return found;
  const advice = didYouMean(
    column,
    definition.columns.map(({ name }) => name),
  );
  throw raise('SYNC_COLUMN_UNKNOWN', { domain, table, column, advice }, { at });
}

function resolveSource(input: TableInput['source'], projectDirectory: string): SyncSource {
  if (input.folder !== undefined) {
    const { path, format, pattern, csv, snapshot } = input.folder;
    return {
      kind: 'folder',
      path: resolve(projectDirectory, path),
      format,
      csv,
      isSnapshot: snapshot,
      pattern: pattern ?? `*.${format}`,
    };
  }
  if (input.http !== undefined) {
    const { url, since, page, rows, headers, timeoutMs } = input.http;
    return {
      kind: 'http',
      url,
      since,
      headers,
      timeoutMs,
      rows: pathOf(rows),
      page: resolvePaging(page),
    };
  }
  if (input.postgres !== undefined) {
    const { url, table, timeoutMs } = input.postgres;
    return { kind: 'postgres', url, table: table.split('.'), timeoutMs };
  }
  return { kind: 'push' };
}

function resolvePaging(page: NonNullable<TableInput['source']['http']>['page']): Paging {
  const { kind, parameter = '', nextCursor = '', first, size, sizeParameter } = page;
  switch (kind) {
    case 'none':
    case 'link':
      return { kind };
    case 'cursor':
      return { kind, parameter, nextCursor: pathOf(nextCursor), size, sizeParameter };
    case 'number':
      return { kind, parameter, first, size, sizeParameter };
  }
}

/** `$.data.items` and `data.items` are the same place; `$` alone is the whole answer. */
function pathOf(text: string): readonly string[] {
  return text
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((step) => step !== '');
}

function scheduleOf(
  { cron, timeZone }: { readonly cron?: string; readonly timeZone?: string | undefined },
  { schedule }: TableDeclaration,
): Schedule {
  return {
    cron: cron ?? schedule?.cron ?? '0 2 * * *',
    timeZone: timeZone ?? schedule?.timeZone ?? 'UTC',
  };
}

function resolveWatermark(
  { watermark, source }: TableInput,
  invalid: (path: YamlPath, problem: string) => TributaryError,
): Watermark | undefined {
  if (watermark === undefined) {
    if (source.http?.since === undefined) return undefined;
    throw invalid(['source', 'http', 'since'], 'it needs a watermark, which tells since when');
  }
  const { column, type, overlap } = watermark;
  if (type === 'integer') {
    if (typeof overlap === 'string')
      throw invalid(['watermark', 'overlap'], 'a counter goes back by a number, not by a duration');
    return { column, type, overlap: BigInt(overlap ?? 0) };
  }
  if (typeof overlap === 'number')
    throw invalid(['watermark', 'overlap'], 'times go back by a duration such as PT5M');
  return { column, type, overlap: BigInt(parseDuration(overlap ?? 'PT5M') ?? 0) * 1_000n };
}

function resolveTombstone({ column, equals }: NonNullable<TableInput['tombstone']>): Tombstone {
  if (equals === undefined) return { column, equals: undefined };
  return { column, equals: (Array.isArray(equals) ? equals : [equals]).map(String) };
}

function limitOf(limit: number | string): Limit {
  if (typeof limit === 'number') return { kind: 'rows', rows: limit };
  return { kind: 'share', percent: Number(limit.slice(0, -1)) };
}
