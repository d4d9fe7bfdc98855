import fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import {
  createReceiver,
  memoryStore,
  type TributaryEvent,
  type VersionStore,
  Veto,
} from './receiver.ts';
import { type Customer, deliveryOf, eventOf, secret, signedHeaders } from './testing/deliveries.ts';

/** A tool that keeps names by id, and its receiver. */
function startTool(
  hooks: { readonly before?: (event: TributaryEvent<unknown>) => void | Promise<void> } = {},
) {
  const names = new Map<string, string>();
  const handed: string[] = [];
  const errors: unknown[] = [];
  const put = async (event: TributaryEvent<Customer>): Promise<void> => {
    await hooks.before?.(event);
    handed.push(`${event.type} ${event.entityversion}`);
    names.set(event.data.id, event.data.name);
  };
  const receiver = createReceiver<Customer>({
    secret,
    store: memoryStore(),
    on: {
      CustomerCreated: put,
      CustomerUpdated: put,
      CustomerDeleted: ({ subject }) => void names.delete(subject),
    },
    onError: (error) => errors.push(error),
  });
  const send = async (event: unknown): Promise<{ status: number; json: unknown }> => {
    const { status, body } = await receiver.handle(deliveryOf(event));
    return { status, json: JSON.parse(body) };
  };
  return { names, handed, errors, receiver, send };
}

const applied = { status: 200, json: { status: 'applied' } };
const known = { status: 200, json: { status: 'known' } };
const ignored = { status: 200, json: { status: 'ignored' } };

describe('a receiver', () => {
  it('hands over each version once, and nothing that is older', async () => {
    const { send, names, handed } = startTool();
    expect(await send(eventOf({ version: 1 }))).toEqual(applied);
    expect(await send(eventOf({ version: 1 }))).toEqual(known);
    expect(await send(eventOf({ version: 4 }))).toEqual(applied);
    expect(await send(eventOf({ version: 3 }))).toEqual(known);
    expect(handed).toEqual(['CustomerCreated 1', 'CustomerUpdated 4']);
    expect(names.get('C1')).toBe('Ada 4');
  });

  it('keeps a deleted customer deleted when an update is late, and takes a new one of that id', async () => {
    const { send, names } = startTool();
    await send(eventOf({ version: 1 }));
    await send(eventOf({ version: 3, kind: 'Deleted' }));
    expect(await send(eventOf({ version: 2 }))).toEqual(known);
    expect(names.size).toBe(0);
    expect(await send(eventOf({ version: 4, kind: 'Created' }))).toEqual(applied);
    expect(names.get('C1')).toBe('Ada 4');
  });

  it('tells entities and subjects apart', async () => {
    const seen: string[] = [];
    const receiver = createReceiver({
      secret,
      store: memoryStore(),
      on: { '*': ({ type, subject }) => void seen.push(`${type} ${subject}`) },
    });
    for (const [entity, subject] of [
      ['Customer', '1'],
      ['Loan', '1'],
      ['Customer', '1/1'],
    ] as const) {
      await receiver.handle(deliveryOf(eventOf({ version: 1, entity, subject })));
    }
    expect(seen).toEqual(['CustomerCreated 1', 'LoanCreated 1', 'CustomerCreated 1/1']);
  });

  it('acknowledges types that no handler is there for, and remembers nothing of them', async () => {
    const { send } = startTool();
    expect(await send(eventOf({ version: 9, entity: 'Loan' }))).toEqual(ignored);
    for (const type of ['constructor', '__proto__', 'toString', 'com.example.something']) {
      expect(await send({ ...eventOf({ version: 1 }), type })).toEqual(ignored);
    }
    const withoutVersion = {
      ...eventOf({ version: 1 }),
      type: 'SyncDone',
      entityversion: undefined,
    };
    expect(await send(withoutVersion)).toEqual(ignored);
    expect(await send(eventOf({ version: 1 }))).toEqual(applied);
  });

  it('remembers nothing when a handler throws, so that the event can come again', async () => {
    let failures = 1;
    const tool = startTool({
      before: () => {
        if (failures-- > 0) throw new Error('disk full at /secret/path');
      },
    });
    const { status, json } = await tool.send(eventOf({ version: 1 }));
    expect(status).toBe(500);
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(tool.errors).toEqual([new Error('disk full at /secret/path')]);
    expect(await tool.send(eventOf({ version: 1 }))).toEqual(applied);
    expect(tool.names.get('C1')).toBe('Ada 1');
  });

  it('answers a veto with its reason, and remembers nothing', async () => {
    let objects = true;
    const tool = startTool({
      before: () => {
        if (objects) throw new Veto('No such street.');
      },
    });
    expect(await tool.send(eventOf({ version: 1 }))).toEqual({
      status: 422,
      json: { veto: { reason: 'No such street.' } },
    });
    expect(tool.errors).toEqual([]);
    objects = false;
    expect(await tool.send(eventOf({ version: 1 }))).toEqual(applied);
  });

  it('says on standard error what a handler threw, when nobody else wants to hear it', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const receiver = createReceiver({
      secret,
      store: memoryStore(),
      on: {
        CustomerCreated: () => {
          throw new Error('disk full');
        },
      },
    });
    await receiver.handle(deliveryOf(eventOf({ version: 1 })));
    const [[text] = []] = write.mock.calls;
    write.mockRestore();
    expect(text).toContain('CustomerCreated of C1 (event 1001) failed: Error: disk full');
  });

  it('hands one event over when it comes many times at once', async () => {
    const { send, handed } = startTool({ before: () => new Promise(setImmediate) });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(eventOf({ version: 1 }))),
    );
    expect(answers.filter((answer) => JSON.stringify(answer).includes('applied'))).toHaveLength(1);
    expect(handed).toEqual(['CustomerCreated 1']);
  });

  it('works on one customer at a time, and on different ones at once', async () => {
    const running = new Set<string>();
    let mostAtOnce = 0;
    const { send } = startTool({
      before: async ({ subject }) => {
        expect(running.has(subject)).toBe(false);
        running.add(subject);
        mostAtOnce = Math.max(mostAtOnce, running.size);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running.delete(subject);
      },
    });
    const events = ['A', 'B', 'C'].flatMap((subject) =>
      [1, 2, 3].map((version) => eventOf({ version, subject })),
    );
    await Promise.all(events.map(send));
    expect(mostAtOnce).toBe(3);
  });

  it('asks to come later when a handler hangs and events of its customer pile up', async () => {
    let free = (): void => {};
    const hanging = new Promise<void>((resolve) => (free = resolve));
    const { receiver, send } = startTool({
      before: ({ subject }) => (subject === 'C1' ? hanging : undefined),
    });
    const waiting = Array.from({ length: 50 }, () => send(eventOf({ version: 1 })));
    const refused = await receiver.handle(deliveryOf(eventOf({ version: 1 })));
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(await send(eventOf({ version: 1, subject: 'C2' }))).toEqual(applied);
    free();
    await Promise.all(waiting);
    expect(await send(eventOf({ version: 2 }))).toEqual(applied);
  });

  it.each([undefined, 'text/plain', 'application/cloudevents-batch+json', 'application/jsonp'])(
    'refuses a body of the type %s',
    async (type) => {
      const { receiver } = startTool();
      const body = JSON.stringify(eventOf({ version: 1 }));
      const headers = { ...signedHeaders(body), 'content-type': type };
      const answer = await receiver.handle({ headers, body });
      expect(answer.status).toBe(415);
      expect(JSON.parse(answer.body)).toMatchObject({
        error: {
          code: 'CONTENT_TYPE_UNSUPPORTED',
          hint: expect.stringContaining('cloudevents+json'),
        },
      });
    },
  );

  it('refuses a body that something has parsed before it', async () => {
    const { receiver } = startTool();
    const { headers } = deliveryOf(eventOf({ version: 1 }));
    const answer = await receiver.handle({ headers, body: {} as string });
    expect(answer).toMatchObject({
      status: 500,
      body: expect.stringContaining('BODY_ALREADY_READ'),
    });
  });

  it('refuses a large body before it computes anything, and does not show what was in it', async () => {
    const { receiver } = startTool();
    const body = 'x'.repeat(262_145);
    const answer = await receiver.handle({ headers: signedHeaders(body), body });
    expect(answer.status).toBe(413);
    expect(answer.body).not.toContain('xxx');
  });

  it('does not start with a secret that cannot be one', () => {
    expect(() => createReceiver({ secret: 'password', store: memoryStore(), on: {} })).toThrow(
      TypeError,
    );
  });
});

describe('a store with transactions', () => {
  it('gives its transaction to the handler, and does both or neither', async () => {
    const rows = new Map<string, string>();
    const versions = new Map<string, number>();
    const store: VersionStore<Map<string, string>> = {
      versionOf: async (_, subject) => versions.get(subject),
      remember: async () => expect.unreachable('apply does it'),
      async apply({ subject, version }, work) {
        const transaction = new Map<string, string>();
        await work(transaction);
        for (const [id, name] of transaction) rows.set(id, name);
        versions.set(subject, version);
        return true;
      },
    };
    let fails = true;
    const receiver = createReceiver<Customer, Map<string, string>>({
      secret,
      store,
      onError: () => {},
      on: {
        CustomerCreated({ data }, transaction) {
          transaction.set(data.id, data.name);
          if (fails) throw new Error('after the first row');
        },
      },
    });
    const delivery = deliveryOf(eventOf({ version: 1 }));
    expect((await receiver.handle(delivery)).status).toBe(500);
    expect([rows.size, versions.size]).toEqual([0, 0]);
    fails = false;
    expect((await receiver.handle(delivery)).status).toBe(200);
    expect([rows.get('C1'), versions.get('C1')]).toEqual(['Ada 1', 1]);
  });
});

describe('the types of handlers', () => {
  it('know the data by the name of the event', () => {
    createReceiver<Customer>({
      secret,
      store: memoryStore(),
      on: {
        CustomerUpdated: ({ data }) => expectTypeOf(data).toEqualTypeOf<Customer>(),
        CustomerDeleted({ data }) {
          expectTypeOf(data.mergedInto).toEqualTypeOf<string | undefined>();
          expectTypeOf(data.name).toEqualTypeOf<string | undefined>();
        },
        '*': ({ type }) => expectTypeOf(type).toEqualTypeOf<string>(),
      },
    });
  });
});

describe('a history of a customer', () => {
  /** Changes that were made one after the other: from each to the next the version rises by one. */
  const anyHistory = fc
    .array(fc.constantFrom('Updated', 'Deleted'), { minLength: 1, maxLength: 12 })
    .map((kinds) =>
      kinds.map((kind, index) => {
        const isNew = index === 0 || (kinds[index - 1] === 'Deleted' && kind === 'Updated');
        return eventOf({ version: index + 1, kind: isNew ? 'Created' : kind });
      }),
    );
  /** Each of its events at least once, in any order, some again, some at the same time. */
  const anyDelivery = anyHistory.chain((history) =>
    fc.record({
      history: fc.constant(history),
      order: fc
        .array(fc.constantFrom(...history), { maxLength: 12 })
        .chain((again) =>
          fc.shuffledSubarray([...history, ...again], { minLength: history.length + again.length }),
        ),
      atOnce: fc.integer({ min: 1, max: 5 }),
    }),
  );

  it('ends in the state of its newest version, in whatever order and how often it is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(anyDelivery, async ({ history, order, atOnce }) => {
        const { names, handed, send } = startTool();
        for (let start = 0; start < order.length; start += atOnce) {
          await Promise.all(order.slice(start, start + atOnce).map(send));
        }
        const newest = history.at(-1);
        expect(names.get('C1')).toBe(
          newest?.type === 'CustomerDeleted' ? undefined : newest?.data['name'],
        );
        const versions = handed.map((text) => Number(text.split(' ')[1]));
        expect(versions).toEqual([...new Set(versions)].toSorted((one, other) => one - other));
      }),
    );
  });
});
