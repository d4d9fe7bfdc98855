import { describe, expect, it } from 'vitest';
import { credentialOf } from './socket-credential.ts';

describe('the credential of a connection', () => {
  it.each<readonly [string, Record<string, unknown> | undefined, object | undefined]>([
    ['nothing', undefined, undefined],
    ['something else', { locale: 'de' }, undefined],
    ['no text', { authorization: 7, apiKey: null, headers: 'x' }, undefined],
    ['a key', { 'X-Api-Key': 'k' }, { 'x-api-key': 'k' }],
    ['a key by the other name', { apiKey: 'k' }, { 'x-api-key': 'k' }],
    ['a token', { Authorization: 'Bearer t' }, { authorization: 'Bearer t' }],
    ['headers', { headers: { Authorization: 'Bearer t' } }, { authorization: 'Bearer t' }],
    [
      'both',
      { apiKey: 'k', authorization: 'Bearer t' },
      { 'x-api-key': 'k', authorization: 'Bearer t' },
    ],
  ])('is read of %s', (_, parameters, expected) => {
    expect(credentialOf(parameters)).toEqual(expected);
  });
});
