import { expect, it } from 'vitest';
import { snakeCase } from './snake-case.ts';

it.each([
  ['id', 'id'],
  ['accountValue', 'account_value'],
  ['VATNumber', 'vat_number'],
  ['vatID', 'vat_id'],
  ['OrderLine', 'order_line'],
  ['address2Line', 'address2_line'],
  ['line2', 'line2'],
  ['HTTPServerURL', 'http_server_url'],
  ['already_snake', 'already_snake'],
  ['Mixed_Case', 'mixed_case'],
  ['_private', '_private'],
  ['X', 'x'],
])('%s becomes %s', (name, expected) => {
  expect(snakeCase(name)).toBe(expected);
});
