import { describe, expect, it } from 'vitest';
import { inlineModel } from '../mapping/testing/inline-domain.ts';
import { dataOfRow } from './event-data.ts';

describe('the data of an event', () => {
  it('has the lean fields as JSON, and nothing that no caller sees', () => {
    const { entities } = inlineModel({
      identity: `type Customer @key(fields: "id") @table @identity(fields: "id name score since secret") {
        id: ID! name: String! score: Int since: DateTime! secret: String @inaccessible }`,
    });
    const customer = entities.get('Customer');
    if (customer === undefined) throw new TypeError('There is no Customer.');
    const row = { id: 'C1', name: 'Ada', score: '7', since: '2026-01-01 00:00:00+00', secret: 's' };
    expect(dataOfRow(customer, row)).toEqual({
      id: 'C1',
      name: 'Ada',
      score: 7,
      since: '2026-01-01T00:00:00Z',
    });
  });
});
