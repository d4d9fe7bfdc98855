import { describe, expect, it } from 'vitest';
import type { Caller } from '../../access/caller.ts';
import { isExplained } from './explain-header.ts';

const callers: readonly Caller[] = [
  { kind: 'anonymous' },
  { kind: 'apiKey', id: 'a', name: 'Retool' },
  { kind: 'jwt', subject: 's', claims: {} },
];

describe('a request for an explanation', () => {
  it.each([
    { setting: 'never', allowed: [] },
    { setting: 'local', allowed: ['anonymous'] },
    { setting: 'keys', allowed: ['anonymous', 'apiKey'] },
    { setting: 'everyone', allowed: ['anonymous', 'apiKey', 'jwt'] },
  ] as const)('is granted to $allowed with the setting $setting', ({ setting, allowed }) => {
    const granted = callers.filter((caller) => {
      try {
        return isExplained({ headers: { 'x-tributary-explain': 'true' }, caller }, setting);
      } catch (error) {
        expect(error).toMatchObject({ code: 'EXPLAIN_REFUSED', status: 403 });
        return false;
      }
    });
    expect(granted.map(({ kind }) => kind)).toEqual(allowed);
  });

  it('is one header with one value', () => {
    const [caller = { kind: 'router' }] = callers;
    const ask = (wished?: string): boolean =>
      isExplained(
        { headers: wished === undefined ? {} : { 'x-tributary-explain': wished }, caller },
        'never',
      );
    expect(ask()).toBe(false);
    expect(ask('false')).toBe(false);
    expect(() => ask('yes')).toThrow('The header x-tributary-explain cannot be "yes".');
    expect(() => ask('true')).toThrow('Answers are not explained to this caller.');
  });
});
