import { CloudEvent as StandardEvent } from 'cloudevents';
import { describe, expect, test } from 'vitest';
import type { Change } from '../ledger/change.ts';
import type { Entity } from '../mapping/model.ts';
import { inlineModel } from '../mapping/testing/inline-domain.ts';
import { toCloudEvent } from './cloud-event.ts';

function entityOf(body: string): Entity {
  const entity = inlineModel({ shop: body }).entities.get('Thing');
  if (entity === undefined) throw new Error('There is no Thing.');
  return entity;
}

const thing = entityOf(`
  enum Size { SMALL LARGE }
  type Thing @key(fields: "id") @table @identity(fields: "id count weight price stocked at day big size label") {
    id: ID! count: Int weight: Float price: Decimal @column(type: "DECIMAL(30,2)") stocked: Boolean at: DateTime
    day: Date big: BigInt size: Size label: String @column(name: "name_of_it")
  }`);

const change: Change = {
  sequence: 7,
  transaction: 7,
  time: new Date('2026-11-28T12:00:00.5Z'),
  stamp: '2026-11-28T12:00:00.500Z.0000',
  kind: 'update',
  entity: 'Thing',
  key: 'T1',
  domain: 'shop',
  version: 3,
  actor: 'crm',
  source: 'crm/1',
  cause: 'request-1',
  occurredAt: null,
  mergedInto: null,
  reverses: null,
  before: null,
  after: {
    id: 'T1',
    count: '42',
    weight: '0.25',
    price: '12.50',
    stocked: 'true',
    at: '2026-01-31T08:30:00.123Z',
    day: '2026-01-31',
    big: '9007199254740993',
    size: 'LARGE',
    name_of_it: 'a "label"',
  },
};

describe('the event of a change', () => {
  test('has every attribute, and its fields in the form that answers of the graph have', () => {
    const event = toCloudEvent(change, thing);
    expect(event).toEqual({
      specversion: '1.0',
      id: '7',
      source: 'crm/1',
      type: 'ThingUpdated',
      subject: 'T1',
      time: '2026-11-28T12:00:00.500Z',
      datacontenttype: 'application/json',
      data: {
        id: 'T1',
        count: 42,
        weight: 0.25,
        price: 12.5,
        stocked: true,
        at: '2026-01-31T08:30:00.123Z',
        day: '2026-01-31',
        big: '9007199254740993',
        size: 'LARGE',
        label: 'a "label"',
      },
      entityversion: 3,
      hlc: '2026-11-28T12:00:00.500Z.0000',
      origin: 'crm',
      sequence: '0000000000000007',
      partitionkey: 'Thing/T1',
      causationid: 'request-1',
    });
    expect(new StandardEvent({ ...event }, true).validate()).toBe(true);
  });

  test.each([
    ['2026-01-01 00:00:00+00', '2026-01-01T00:00:00Z'],
    ['2026-01-01 00:00:00.5+00', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01 02:00:00+05:30', '2025-12-31T20:30:00Z'],
    ['2026-01-01 00:00:00', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00+02:00', '2025-12-31T22:00:00Z'],
    ['infinity', 'infinity'],
  ])('writes the time %s as %s', (at, written) => {
    expect(toCloudEvent({ ...change, after: { at } }, thing).data).toMatchObject({ at: written });
  });

  test.each([
    ['price', '12345678901234567890.12', '12345678901234567890.12'],
    ['weight', 'inf', null],
    ['weight', 'nan', null],
    ['stocked', 'false', false],
    ['count', null, null],
  ])('writes the %s %s as %j', (name, text, written) => {
    expect(toCloudEvent({ ...change, after: { [name]: text } }, thing).data[name]).toBe(written);
  });

  test('of an entity that is gone tells its key alone, and where it leads', () => {
    const gone = { ...change, kind: 'delete', before: change.after, after: null } as const;
    expect(toCloudEvent(gone, thing)).toMatchObject({ type: 'ThingDeleted', data: { id: 'T1' } });
    expect(toCloudEvent({ ...gone, mergedInto: 'T2' }, thing).data).toEqual({
      id: 'T1',
      mergedInto: 'T2',
    });
  });

  test('of somebody who was erased tells the key alone', () => {
    expect(toCloudEvent({ ...change, after: null }, thing)).toMatchObject({
      type: 'ThingUpdated',
      data: { id: 'T1' },
    });
  });

  test('of a change that takes another back says which', () => {
    expect(toCloudEvent({ ...change, reverses: 5 }, thing).reverses).toBe('5');
  });

  test('knows keys of several fields', () => {
    const entity = entityOf(`
      type Thing @key(fields: "country number") @table @identity(fields: "country number") { country: ID! number: Int! }`);
    const event = toCloudEvent({ ...change, kind: 'delete', key: '["DE","7"]' }, entity);
    expect(event).toMatchObject({ subject: '["DE","7"]', data: { country: 'DE', number: 7 } });
  });
});
