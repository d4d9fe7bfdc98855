import { expect, it } from 'vitest';
import type { FrontRequest } from '../http/route.ts';
import { requestContext } from './request-context.ts';

const { signal } = new AbortController();
const request: FrontRequest = {
  id: 'r1',
  method: 'POST',
  path: '/graphql',
  search: '',
  headers: {},
  body: '',
  caller: { kind: 'apiKey', id: 'k1', name: 'Retool' },
  signal,
};

it('carries the caller, the id and the signal of the request', () => {
  expect(requestContext(request, 'number')).toMatchObject({
    caller: { kind: 'apiKey', id: 'k1', name: 'Retool' },
    requestId: 'r1',
    signal,
  });
});

it('takes the form of decimals from the request before the setting', () => {
  const asString = { ...request, headers: { 'x-tributary-decimals': 'string' } };
  expect(requestContext(request, 'number').wire).toEqual({ decimals: 'number' });
  expect(requestContext(asString, 'number').wire).toEqual({ decimals: 'string' });
});
