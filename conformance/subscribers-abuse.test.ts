import { describe, expect, it } from 'vitest';
import { abusedProject, sql, type Json } from './testing/abused-project.ts';

const { ask } = abusedProject();
describe('subscribers', () => {
  const subscribe = `mutation ($input: CreateEventSubscriberInput!) {
    made: createSubscriber(input: $input) { secret problems { code field } } }`;

  it.each([
    '',
    'x',
    'https://',
    'http:///path',
    'https://user:secret@tool.example/hook',
    'https://user@tool.example/hook',
    'file:///etc/passwd',
    'ftp://tool.example/hook',
    'gopher://tool.example/1',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//tool.example/hook',
    'http:tool.example',
    'https://tool.example/hook#part',
    `https://tool.example/${'x'.repeat(3_000)}`,
    'https://tool.example:99999/',
    'https://to ol.example/',
    ' https://tool.example/',
    'https://tool.example/\u0000',
    'https://tool.example/a\r\nHost: evil.example',
    'https://[::1',
  ])('do not go to %j', async (url) => {
    const { data, errors } = await ask(subscribe, {
      input: { name: 'Mallory', url },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ made: { secret: null, problems: [{ code: 'INVALID', field: 'url' }] } });
  });

  it.each<readonly [string, string, Json]>([
    ['REQUIRED', 'name', { name: ' ' }],
    ['INVALID', 'name', { name: 'a\u0000b' }],
    ['INVALID', 'name', { name: '\ud800' }],
    ['INVALID', 'name', { name: 'x'.repeat(300) }],
    ['INVALID', 'entities', { entities: ['__proto__'] }],
    ['INVALID', 'entities', { entities: [sql] }],
    ['INVALID', 'types', { types: ['constructor'] }],
    ['INVALID', 'types', { types: ['__proto__Created'] }],
    ['INVALID', 'vetoWindowMs', { vetoWindowMs: -1 }],
    ['INVALID', 'vetoWindowMs', { vetoWindowMs: 2_147_483_647 }],
  ])('are refused as %s for their %s: %j', async (code, field, more) => {
    const input = { name: 'Mallory', url: 'https://tool.example/hook', ...more };
    const { data, errors } = await ask(subscribe, { input });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ made: { secret: null, problems: [{ code, field }] } });
  });

  it('that were refused were not made', async () => {
    expect((await ask('{ eventSubscribers { name } }')).data).toEqual({
      eventSubscribers: [],
    });
  });

  it.each(['pauseSubscriber', 'resumeSubscriber', 'deleteSubscriber'])(
    'that do not exist: %s',
    async (field) => {
      for (const id of ['__proto__', sql, '', '\u0000', 'x'.repeat(100_000)]) {
        const query = `mutation ($id: ID!) { done: ${field}(input: { id: $id }) { problems { code } } }`;
        const { data, errors } = await ask(query, { id });
        expect(errors).toBeUndefined();
        expect(data).toEqual({ done: { problems: [{ code: 'NOT_FOUND' }] } });
      }
    },
  );
});
