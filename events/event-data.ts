import type { RowTexts } from '../ledger/change.ts';
import type { Entity, MappedField, WireType } from '../mapping/model.ts';
import { dateTimeText, parseDateTimeText } from '../wire/calendar-text.ts';
import { decimalNumber, parseDecimalText } from '../wire/decimal-text.ts';

/** The data of an event, as JSON. */
export type EventData = Readonly<Record<string, unknown>>;

interface DataField {
  readonly name: string;
  readonly column: string;
  readonly wireType: WireType;
}

/** The lean fields of an identity's row. A list has no text that could be read again, and is left out. */
export function dataOfRow(entity: Entity, row: RowTexts): EventData {
  return Object.fromEntries(
    dataFields(entity).map(({ name, column, wireType }) => [
      name,
      toJson(row[column] ?? null, wireType),
    ]),
  );
}

/** The fields of a key, from its text as the log has it. */
export function dataOfKey(entity: Entity, key: string): EventData {
  const texts = textsOfKey(entity, key);
  return Object.fromEntries(
    entity.keyFields.map(({ name, wireType }, position) => [
      name,
      toJson(texts[position] ?? null, wireType),
    ]),
  );
}

/** The parts of a key, in the order of its fields. */
function textsOfKey({ keyFields }: Entity, key: string): readonly string[] {
  return keyFields.length === 1 ? [key] : (JSON.parse(key) as readonly string[]);
}

function dataFields(entity: Entity): readonly DataField[] {
  const known = fieldsByEntity.get(entity);
  if (known !== undefined) return known;
  const fields = entity.identity.fields.flatMap(toDataField);
  fieldsByEntity.set(entity, fields);
  return fields;
}

/** Models never change, so what follows from an entity of one is made once. */
const fieldsByEntity = new WeakMap<Entity, readonly DataField[]>();

function toDataField(field: MappedField): readonly DataField[] {
  const { name, expression, wireType, isInaccessible } = field;
  if (expression.kind !== 'column' || wireType.kind === 'list' || isInaccessible) return [];
  return [{ name, column: expression.column, wireType }];
}

function toJson(text: string | null, wireType: WireType): unknown {
  if (text === null) return null;
  switch (wireType.kind) {
    case 'int':
    case 'float':
      return toNumber(text);
    case 'boolean':
      return text === 'true';
    case 'dateTime':
      return toDateTime(text);
    case 'decimal':
      return toDecimal(text, wireType.scale);
    case 'id':
    case 'string':
    case 'bigInt':
    case 'date':
    case 'enum':
    case 'list':
      return text;
  }
}

/** JSON has no infinity, and nothing that is not a number. */
function toNumber(text: string): number | null {
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** As a number where a number has exactly this value, otherwise as it is. */
function toDecimal(text: string, scale: number): number | string {
  const unscaled = parseDecimalText(text, scale);
  return (unscaled === undefined ? undefined : decimalNumber(unscaled, scale)) ?? text;
}

const lakeTimePattern = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(.*)$/;

/** RFC 3339 in UTC, from that or from the lake's own form: `2026-01-01 00:00:00+00`. */
function toDateTime(text: string): string {
  const [, date = '', time = '', offset = ''] = lakeTimePattern.exec(text) ?? [];
  const micros = parseDateTimeText(`${date}T${time}${toOffset(offset)}`);
  return (micros === undefined ? undefined : dateTimeText(micros)) ?? text;
}

function toOffset(offset: string): string {
  if (offset === '') return 'Z';
  return /^[+-]\d{2}$/.test(offset) ? `${offset}:00` : offset;
}
