import { keyFieldsOf } from './build-entity.ts';
import { stubKeyTypes } from './build-lake-model.ts';
import { columnUses } from './column-uses.ts';
import { columnOfKey, keyColumnsOf } from './key-columns.ts';
import { foldCase } from './lake-name.ts';
import type {
  Entity,
  LakeModel,
  LakeType,
  MappedField,
  RelatedTable,
  Relation,
  SqlType,
  TableDefinition,
} from './model.ts';
import { TableDraft } from './table-draft.ts';

/** The tables that the mappings read: one for every type in every domain, and the related ones. */
export function tableDefinitions(model: LakeModel): readonly TableDefinition[] {
  const drafts = new TableDrafts();
  for (const entity of model.entities.values()) {
    for (const part of entity.parts) draftType(part, entity, model, drafts);
  }
  return drafts.finish();
}

/** The SQL types of the key that a relation's columns hold. */
export function relationKeyTypes(
  relation: Relation,
  owner: Entity,
  model: LakeModel,
): readonly SqlType[] {
  const keyOwner = relation.cardinality === 'one' ? model.entities.get(relation.target) : owner;
  if (keyOwner !== undefined) return keyOwner.keyFields.map(({ sqlType }) => sqlType);
  const part = owner.parts.find(({ relations }) => relations.includes(relation));
  return stubKeyTypes(part?.domain ?? owner.identity.domain, relation.target, model.domains);
}

function draftType(part: LakeType, entity: Entity, model: LakeModel, drafts: TableDrafts): void {
  const table = drafts.of(part.domain, part.table);
  const primary = entity.keyFields.map(({ name }) => name);
  const keyFields = keyFieldsOf(part, primary);
  table.addKey(keyFields.map(columnOfKey));
  if (part === entity.identity) table.numberRows();
  for (const { fields } of part.keys) {
    const isPrimary =
      fields.length === primary.length && fields.every((field) => primary.includes(field));
    if (!isPrimary) table.addIndex(keyColumnsOf(part, fields));
  }
  for (const field of part.fields) draftField(field, part, drafts);
  for (const related of part.relatedTables) draftRelated(related, keyFields, part, drafts);
  for (const relation of part.relations) {
    draftRelation(relation, relationKeyTypes(relation, entity, model), part, model, drafts);
  }
}

function draftField(field: MappedField, part: LakeType, drafts: TableDrafts): void {
  const { expression, sqlType, defaultValue, location } = field;
  for (const use of columnUses(expression, sqlType)) {
    drafts.of(part.domain, use.table ?? part.table).add({
      name: use.column,
      sqlType: use.sqlType,
      isDeclared: expression.kind === 'column',
      mayBeMissing: defaultValue !== undefined,
      field: `${part.name}.${field.name}`,
      location,
    });
  }
}

function draftRelated(
  { table, columns }: RelatedTable,
  keyFields: readonly MappedField[],
  part: LakeType,
  drafts: TableDrafts,
): void {
  const draft = drafts.of(part.domain, table);
  for (const [position, { sqlType }] of keyFields.entries()) {
    const name = columns[position];
    if (name === undefined) continue;
    const { location } = part;
    draft.add({ name, sqlType, isDeclared: true, mayBeMissing: false, field: part.name, location });
  }
  draft.addIndex(columns);
}

function draftRelation(
  { name: relation, cardinality, target, columns, mayBeMissing, location }: Relation,
  types: readonly SqlType[],
  part: LakeType,
  model: LakeModel,
  drafts: TableDrafts,
): void {
  const targetPart = model.entities.get(target)?.parts.find(({ domain }) => domain === part.domain);
  const table = cardinality === 'many' ? targetPart?.table : part.table;
  const draft = drafts.of(part.domain, table ?? part.table);
  const field = `${part.name}.${relation}`;
  for (const [position, sqlType] of types.entries()) {
    const name = columns[position];
    if (name === undefined) continue;
    draft.add({ name, sqlType, isDeclared: true, mayBeMissing, field, location });
  }
  if (cardinality === 'many') draft.addIndex(columns);
}

/** The drafts by domain and name; two spellings of a name are one table to DuckDB. */
class TableDrafts {
  readonly #drafts = new Map<string, TableDraft>();

  of(domain: string, table: string): TableDraft {
    const key = `${domain}.${foldCase(table)}`;
    const draft = this.#drafts.get(key) ?? new TableDraft(domain, table);
    this.#drafts.set(key, draft);
    return draft;
  }

  finish(): readonly TableDefinition[] {
    return [...this.#drafts.values()].map((draft) => draft.finish());
  }
}
