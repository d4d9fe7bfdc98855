import { Rejection } from './rejection.ts';

/** An event of Tributary: a CloudEvent 1.0 (https://cloudevents.io) about one entity, with its whole base data. */
export interface TributaryEvent<Data> {
  readonly specversion: '1.0';
  readonly id: string;
  /** Where the change came from. */
  readonly source: string;
  /** `CustomerCreated`, `CustomerUpdated`, `CustomerDeleted`. */
  readonly type: string;
  /** The id of the entity. */
  readonly subject: string;
  /** When the lake committed the change, RFC 3339. */
  readonly time: string;
  readonly data: Data;
  /** From 1, one more with each change of the entity. */
  readonly entityversion: number;
  /** Hybrid logical clock of the change; texts sort as the times do. */
  readonly hlc: string;
  /** Who made the change. */
  readonly origin: string;
  /** Place in the log of all changes; texts sort as the places do. */
  readonly sequence: string;
  readonly partitionkey: string;
  /** The event or request that led to it. */
  readonly causationid?: string;
  /** The id of the event that this one takes back. */
  readonly reverses?: string;
}

/** Of an entity that is gone, an event has only its key. */
export type GoneData<Data> = Partial<Data> & {
  /** The id of the entity that it is one with from now on. */
  readonly mergedInto?: string;
};

/** The name of the entity: `Customer` of `CustomerUpdated`. A type that is named otherwise stands for itself. */
export function entityOf(type: string): string {
  return /^(?<entity>.+)(?:Created|Updated|Deleted)$/.exec(type)?.groups?.['entity'] ?? type;
}

/** What every CloudEvent has. */
export interface Envelope {
  readonly type: string;
  readonly [attribute: string]: unknown;
}

/** @throws {Rejection} BODY_NOT_JSON, EVENT_INVALID */
export function readEnvelope(text: string): Envelope {
  const json = parse(text);
  if (!isObject(json)) throw new Rejection('EVENT_INVALID', 'It is not a JSON object.');
  if (json['specversion'] !== '1.0') {
    throw new Rejection('EVENT_INVALID', '"specversion" is not "1.0".');
  }
  for (const name of ['id', 'source', 'type']) requireText(json, name);
  // Type and subject together are a key of stores, with a slash between them.
  if (!/^[\w.-]+$/.test(String(json['type']))) {
    throw new Rejection(
      'EVENT_INVALID',
      '"type" has other signs than letters, digits, "_", "." and "-".',
    );
  }
  return json as Envelope;
}

/**
 * What an event about an entity has besides. The data is believed to be what the tool says: Tributary has checked it
 * against the schema, and the signature says that it comes from there.
 * @throws {Rejection} EVENT_INVALID
 */
export function readEntityEvent<Data>(envelope: Envelope): TributaryEvent<Data> {
  requireText(envelope, 'subject');
  const version = envelope['entityversion'];
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw new Rejection('EVENT_INVALID', '"entityversion" is not a whole number from 1.');
  }
  if (!isObject(envelope['data'])) {
    throw new Rejection('EVENT_INVALID', '"data" is not a JSON object.');
  }
  return envelope as unknown as TributaryEvent<Data>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection('BODY_NOT_JSON');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requireText(json: Readonly<Record<string, unknown>>, name: string): void {
  const value = json[name];
  if (typeof value !== 'string' || value === '') {
    throw new Rejection('EVENT_INVALID', `"${name}" is not a text.`);
  }
}
