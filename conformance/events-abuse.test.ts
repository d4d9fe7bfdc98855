import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { abusedProject, sql, type Json } from './testing/abused-project.ts';

const { ask, customersNamed, post, sendHalf } = abusedProject();

const one = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };

const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/abuse',
  type: 'CustomerCreated',
  subject: 'X1',
  data: { name: 'Mallory', email: 'mallory@abuse.example' },
};

describe('POST /events', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, string | Uint8Array, number, string]>(
    [
      ['no type', {}, '{}', 415, 'EVENT_FORM_UNKNOWN'],
      ['the type of a form', { 'content-type': 'text/html' }, '{}', 415, 'EVENT_FORM_UNKNOWN'],
      [
        'JSON without attributes',
        { 'content-type': 'application/json' },
        '{}',
        415,
        'EVENT_FORM_UNKNOWN',
      ],
      ['nothing', one, '', 400, 'EVENT_MALFORMED'],
      ['half a JSON text', one, '{"specversion": "1.0', 400, 'EVENT_MALFORMED'],
      ['null', one, 'null', 400, 'EVENT_MALFORMED'],
      ['a number', one, '42', 400, 'EVENT_MALFORMED'],
      ['a list where one event is said', one, '[]', 400, 'EVENT_MALFORMED'],
      ['an object where a batch is said', batch, '{}', 400, 'EVENT_MALFORMED'],
      ['a batch of numbers', batch, '[1, 2]', 400, 'EVENT_MALFORMED'],
      [
        'a batch of 1,001',
        batch,
        JSON.stringify(Array.from({ length: 1_001 }, () => event)),
        413,
        'EVENT_BATCH_TOO_LARGE',
      ],
      ['100,000 brackets', one, '['.repeat(100_000), 400, 'DOCUMENT_TOO_NESTED'],
      [
        '2 MB',
        one,
        JSON.stringify({ ...event, data: 'x'.repeat(2_000_000) }),
        413,
        'BODY_TOO_LARGE',
      ],
      ['bytes that are no text', one, new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'BODY_NOT_UTF8'],
      [
        'a packed body',
        { ...one, 'content-encoding': 'gzip' },
        gzipSync('{}'),
        415,
        'BODY_ENCODING_UNSUPPORTED',
      ],
      [
        'an attribute that is not encoded',
        { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': '%zz' },
        '{}',
        400,
        'EVENT_MALFORMED',
      ],
    ],
  )('with %s is refused as a whole', async (_, headers, body, status, code) => {
    const answer = await post('/events', body, headers);
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(await customersNamed('Mallory')).toBe(0);
  });

  it.each(['reset', 'end'] as const)('that is half sent (%s) changes nothing', async (way) => {
    const answer = await sendHalf('/events', one['content-type'], JSON.stringify(event), way);
    if (way === 'end') expect(answer).toContain('BODY_INCOMPLETE');
    expect(await customersNamed('Mallory')).toBe(0);
  });

  const far = new Date(Date.now() + 3_600_000).toISOString();
  it.each<readonly [string, string, unknown]>([
    ...[
      '__proto__',
      'constructor',
      'toString',
      'DragonCreated',
      '__proto__Created',
      'Created',
      sql,
      42,
      {},
      [],
      true,
      null,
      '',
    ].map((type) => ['type', 'type', type] as const),
    ...[null, 42, {}, '', '\u0000', 'x'.repeat(2_000)].map((id) => ['id', 'id', id] as const),
    ...['no uri\n', 'a b', '\u0000', [], 7].map((source) => ['source', 'source', source] as const),
    ...[42, {}, [], '', 'a\u0000b', '\ud800', 'x'.repeat(2_000)].map(
      (subject) => ['subject', 'subject', subject] as const,
    ),
    ...['tomorrow', 1e12, '2026-13-01T00:00:00Z', {}].map(
      (time) => ['time', 'time', time] as const,
    ),
    ['time', '', far],
    ['time', '', '9999-12-31T23:59:59Z'],
    ...['x', 7, '2026-01-01T00:00:00.000Z', '2026-99-01T00:00:00.000Z.0000'].map(
      (hlc) => ['hlc', 'hlc', hlc] as const,
    ),
    ['hlc', '', `${far}.0000`],
    ['hlc', '', '9999-12-31T23:59:59.999Z.ffff'],
    ...[null, 42, 'x', [], true].map((data) => ['data', 'data', data] as const),
    ...['0.3', 1, null].map((version) => ['specversion', 'specversion', version] as const),
    ['datacontenttype', 'datacontenttype', 'text/xml'],
    ['data_base64', 'data_base64', 'e30='],
  ])('with the %s refuses it for %s: %j', async (name, field, value) => {
    const answer = await post('/events', JSON.stringify({ ...event, [name]: value }), one);
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject({ status: 'refused' });
    const [problem] = answer.json['problems'] as readonly Json[];
    if (field === '') expect(problem).toMatchObject({ code: 'CLOCK_SKEW' });
    else expect(problem).toMatchObject({ field });
    expect(await customersNamed('Mallory')).toBe(0);
  });

  it.each<readonly [string, string, string]>([
    ['name', 'INVALID', '"a\\u0000b"'],
    ['name', 'INVALID', '"\\ud83d"'],
    ['name', 'INVALID', JSON.stringify('x'.repeat(100_000))],
    ['name', 'INVALID', '{"first": "Mallory"}'],
    ['name', 'INVALID', '["Mallory"]'],
    ['name', 'INVALID', 'true'],
    ['name', 'REQUIRED', '"   "'],
    ['name', 'REQUIRED', 'null'],
    ['email', 'INVALID', '"nobody"'],
    ['email', 'INVALID', '"a@b@c"'],
    ['email', 'INVALID', JSON.stringify(`${'x'.repeat(400)}@abuse.example`)],
    ['email', 'INVALID', '"a\\nb@abuse.example"'],
  ])('whose data has a %s that is %s refuses it: %s', async (name, code, text) => {
    const data = JSON.stringify({ ...event.data, [name]: '§' }).replace('"§"', text);
    const body = JSON.stringify({ ...event, data: '§' }).replace('"§"', data);
    const { status, json } = await post('/events', body, one);
    expect(status).toBe(422);
    expect(json).toMatchObject({ status: 'refused', problems: [{ code, field: name }] });
  });

  it('does not take what stands in __proto__ for data', async () => {
    const data = '{"__proto__": {"name": "Mallory", "email": "m@abuse.example"}}';
    const body = JSON.stringify({ ...event, data: '§' }).replace('"§"', data);
    const { json } = await post('/events', body, one);
    expect(json).toMatchObject({ status: 'refused' });
    const attribute = `{"__proto__": {"specversion": "1.0"}, ${JSON.stringify({ ...event, specversion: undefined }).slice(1)}`;
    expect((await post('/events', attribute, one)).json).toMatchObject({ status: 'refused' });
    expect(await customersNamed('Mallory')).toBe(0);
  });

  it('keeps customers whose ids are names that objects have', async () => {
    const ids = ['__proto__', 'constructor', 'hasOwnProperty', sql, '%_', '"', '🐉', 'a/b'];
    const events = ids.map((subject, place) => ({
      ...event,
      id: `odd-${place}`,
      subject,
      data: { name: `Odd ${subject}`, email: `odd-${place}@abuse.example` },
    }));
    const { json } = await post('/events', JSON.stringify(events), batch);
    expect(
      (json['outcomes'] as readonly Json[]).map(({ status, subject }) => [status, subject]),
    ).toEqual(ids.map((id) => ['done', id]));
    for (const id of ids) {
      const query = 'query ($id: ID!) { customer(id: $id) { id name } }';
      expect((await ask(query, { id })).data).toEqual({
        customer: { id, name: `Odd ${id}` },
      });
    }
  });

  it('repeated fifty times at once makes one customer', async () => {
    const body = JSON.stringify({
      ...event,
      id: 'fifty',
      subject: 'FIFTY',
      data: { name: 'Fifty', email: 'fifty@abuse.example' },
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post('/events', body, one)));
    expect(answers.map(({ json }) => json)).toEqual(answers.map(() => answers[0]?.json));
    expect(answers[0]?.json).toMatchObject({ status: 'done', version: 1 });
    expect(await customersNamed('Fifty')).toBe(1);
  });

  it('takes the good ones of a batch whose others are bad', async () => {
    const good = (n: number): Json => ({
      ...event,
      id: `mixed-${n}`,
      subject: `M${n}`,
      data: { name: 'Mixed', email: `mixed-${n}@abuse.example` },
    });
    const sent = [
      good(1),
      { ...good(2), type: '__proto__' },
      good(3),
      { ...good(4), hlc: '9999-01-01T00:00:00.000Z.0000' },
      {},
      good(1),
    ];
    const { status, json } = await post('/events', JSON.stringify(sent), batch);
    expect(status).toBe(200);
    expect((json['outcomes'] as readonly Json[]).map((outcome) => outcome['status'])).toEqual([
      'done',
      'refused',
      'done',
      'refused',
      'refused',
      'done',
    ]);
    expect(await customersNamed('Mixed')).toBe(2);
  });
});
