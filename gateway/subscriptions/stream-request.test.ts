import { describe, expect, it } from 'vitest';
import type { FrontRequest } from '../http/route.ts';
import { readStreamAccept, toPost } from './stream-request.ts';

describe('the header accept', () => {
  it.each([
    [undefined, undefined],
    ['*/*', undefined],
    ['application/json', undefined],
    ['text/event-stream;q=0', undefined],
    ['text/event-stream', { isJsonFine: false, otherwise: '*/*' }],
    ['TEXT/Event-Stream; q=0.5', { isJsonFine: false, otherwise: '*/*' }],
    ['text/event-stream, text/html', { isJsonFine: false, otherwise: '*/*' }],
    [
      'application/graphql-response+json, text/event-stream',
      { isJsonFine: true, otherwise: 'application/graphql-response+json' },
    ],
    ['text/event-stream,*/*;q=0.1', { isJsonFine: true, otherwise: '*/*;q=0.1' }],
  ])('%s', (accept, expected) => {
    expect(readStreamAccept(accept)).toEqual(expected);
  });
});

describe('a question by GET', () => {
  const request: FrontRequest = {
    id: 'r1',
    method: 'GET',
    path: '/graphql',
    search: '',
    headers: {},
    body: '',
    caller: { kind: 'anonymous' },
    signal: new AbortController().signal,
  };

  it('is the same by POST', () => {
    const search = `?${new URLSearchParams({ query: '{ a }', operationName: 'A', variables: '{"b":1}' })}`;
    const { method, body, headers } = toPost({ ...request, search });
    expect([method, headers['content-type']]).toEqual(['POST', 'application/json']);
    expect(JSON.parse(body)).toEqual({ query: '{ a }', operationName: 'A', variables: { b: 1 } });
  });

  it('keeps all digits of its variables', () => {
    const search = `?${new URLSearchParams({ query: '{ a }', variables: '{"b":12345678901234567890}' })}`;
    expect(toPost({ ...request, search }).body).toContain('"b":12345678901234567890');
  });

  it('stays as it is when its variables are no JSON', () => {
    const broken = { ...request, search: '?query={a}&variables={' };
    expect(toPost(broken)).toBe(broken);
  });
});
