import { stampOf, stampTimeMs } from '../ledger/hybrid-clock.ts';
import type { FieldValues, IdentityCommand, Problem } from '../ledger/identity-command.ts';
import type { Entity, LakeModel } from '../mapping/model.ts';
import { stampedFields } from '../mapping/read-identity-mutations.ts';
import { parseDateTimeText } from '../wire/calendar-text.ts';
import { problemOfType, readEventType } from './event-types.ts';
import { isJsonObject } from '../foundation/json-object.ts';

type ReceiveCommand = IdentityCommand & { readonly kind: 'receive' };

export type InboundEvent =
  | { readonly kind: 'read'; readonly id: string; readonly command: ReceiveCommand }
  | { readonly kind: 'refused'; readonly id: string; readonly problems: readonly Problem[] };

interface Surroundings {
  readonly actor: string;
  readonly model: LakeModel;
  readonly now: Date;
}

/** Longer attributes are refused. */
const longestAttribute = 1_024;

/**
 * Reads an event of another tool: CloudEvents 1.0 as JSON, with the types and the data that our own events have.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 *
 * The time of the change is the extension attribute `hlc` where there is one, else `time`, else now. Extension
 * attributes that we do not know are passed over, and so are fields of the data that are no lean ones.
 */
export function readInboundEvent(json: unknown, { actor, model, now }: Surroundings): InboundEvent {
  if (!isJsonObject(json))
    return { kind: 'refused', id: '', problems: [invalid('An event is a JSON object.')] };
  const id = typeof json['id'] === 'string' ? json['id'].slice(0, longestAttribute) : '';
  const problems = [...checkAttributes(json)];
  const type = String(json['type']);
  const known = readEventType(type, model);
  const unknown = known === undefined ? problemOfType(type, model) : undefined;
  if (problems.length === 0 && unknown !== undefined) problems.push(invalid(unknown, 'type'));
  const { source, subject, time, hlc } = json as unknown as Attributes;
  const data = readData(json, known?.kind !== 'delete' || subject === undefined);
  if (problems.length === 0 && data === undefined)
    problems.push(invalid('data is missing, or no JSON object.', 'data'));
  if (problems.length === 0 && known !== undefined && data !== undefined)
    problems.push(...checkSubject(known.entity, data, subject));
  if (problems.length > 0 || known === undefined || data === undefined)
    return { kind: 'refused', id, problems };
  const { entity, kind: change } = known;
  const occurredAt = time === undefined ? undefined : readTime(time);
  const command: ReceiveCommand = {
    kind: 'receive',
    change,
    entity: entity.name,
    key: keyOf(entity, data, subject),
    fields: change === 'delete' ? {} : leanFieldsOf(entity, data),
    stamp: hlc ?? stampOf((occurredAt ?? now).getTime()),
    // No source has a blank in it, so this is one text for each pair.
    idempotencyKey: `${source} ${id}`,
    origin: { actor, source, cause: id, occurredAt },
  };
  return { kind: 'read', id, command };
}

/** Those that are read here, after they were checked. */
interface Attributes {
  readonly source: string;
  readonly subject?: string;
  readonly time?: string;
  readonly hlc?: string;
}

function* checkAttributes(json: FieldValues): Generator<Problem> {
  if (json['specversion'] !== '1.0')
    yield invalid('specversion is not "1.0", the only one that is read.', 'specversion');
  for (const name of ['id', 'source', 'type']) {
    const value = json[name];
    if (value === undefined || value === null || value === '')
      yield { code: 'REQUIRED', message: `${name} is missing or empty.`, field: name };
    else if (!isAttributeText(value)) yield notText(name);
  }
  const { source, subject, time, hlc, datacontenttype } = json;
  if (isAttributeText(source) && !isUriReference(source))
    yield invalid('source is no URI-reference, such as /crm/eu or https://crm.example.', 'source');
  if (subject !== undefined && !isAttributeText(subject)) yield notText('subject');
  if (time !== undefined && (typeof time !== 'string' || readTime(time) === undefined))
    yield invalid('time is not RFC 3339, such as 2026-11-28T20:58:01.123Z.', 'time');
  if (hlc !== undefined && (typeof hlc !== 'string' || stampTimeMs(hlc) === undefined))
    yield invalid('hlc is no hybrid time, such as 2026-11-28T20:58:01.123Z.0001.', 'hlc');
  const isJson = typeof datacontenttype === 'string' && isJsonType.test(datacontenttype);
  if (datacontenttype !== undefined && !isJson)
    yield invalid('datacontenttype is not JSON.', 'datacontenttype');
  if (json['data_base64'] !== undefined)
    yield invalid('data_base64 holds bytes, and data is read as JSON.', 'data_base64');
}

const isJsonType = /^[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;.*)?$/i;

/** Undefined where it is not there and has to be, and where it is no object. */
function readData({ data }: FieldValues, isRequired: boolean): FieldValues | undefined {
  if ((data === undefined || data === null) && !isRequired) return {};
  return isJsonObject(data) ? data : undefined;
}

/** Taking one of two keys for the other would change somebody else. */
function* checkSubject(
  { keyFields }: Entity,
  data: FieldValues,
  subject: string | undefined,
): Generator<Problem> {
  if (subject === undefined) return;
  const texts = textsOf(subject, keyFields.length);
  for (const [position, { name }] of keyFields.entries()) {
    const value = data[name];
    if (!isGiven(value) || String(value) === String(texts[position])) continue;
    const message = `subject is not the key that data has: ${name} is another one there.`;
    yield invalid(message, 'subject');
    return;
  }
}

/** The key as the data has it, else as the subject has it; undefined where neither does. */
function keyOf(
  { keyFields }: Entity,
  data: FieldValues,
  subject: string | undefined,
): FieldValues | undefined {
  const isInData = keyFields.every(({ name }) => isGiven(data[name]));
  if (isInData) return Object.fromEntries(keyFields.map(({ name }) => [name, data[name]]));
  const texts = subject === undefined ? [] : textsOf(subject, keyFields.length);
  if (texts.length !== keyFields.length) return undefined;
  return Object.fromEntries(keyFields.map(({ name }, position) => [name, texts[position]]));
}

/** A key of several fields is written as a JSON list. */
function textsOf(subject: string, count: number): readonly unknown[] {
  if (count === 1) return [subject];
  try {
    const texts: unknown = JSON.parse(subject);
    return Array.isArray(texts) ? texts : [];
  } catch {
    return [];
  }
}

function leanFieldsOf({ identity, keyFields }: Entity, data: FieldValues): FieldValues {
  const passedOver = new Set<string>([...stampedFields, ...keyFields.map(({ name }) => name)]);
  const lean = identity.fields.map(({ name }) => name).filter((name) => !passedOver.has(name));
  return Object.fromEntries(
    lean.filter((name) => Object.hasOwn(data, name)).map((name) => [name, data[name]]),
  );
}

/** Milliseconds are enough, since stamps have no more. */
function readTime(time: string): Date | undefined {
  const micros = parseDateTimeText(time.replace(/(\.\d{6})\d+/, '$1'));
  return micros === undefined ? undefined : new Date(Number(micros / 1_000n));
}

function isUriReference(text: string): boolean {
  return /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/.test(text) && URL.canParse(text, 'http://tool.example');
}

function isAttributeText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= longestAttribute &&
    !/[\p{Cc}\p{Surrogate}]/u.test(value)
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function notText(name: string): Problem {
  const message = `${name} is no text of 1 to ${longestAttribute} characters without control characters.`;
  return invalid(message, name);
}

function invalid(message: string, field?: string): Problem {
  return { code: 'INVALID', message, ...(field === undefined ? {} : { field }) };
}
