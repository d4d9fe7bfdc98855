import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createKey, revokeKey } from '../access/api-keys.ts';
import { systemClock as clock } from '../foundation/clock.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { StreamReader } from './testing/read-stream.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const follow = 'subscription { customerEvents(includeOwn: true) { type } }';
const issuer = 'https://issuer.example.com/';
const audience = 'tributary';

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A socket that was greeted, and all that it was sent since. */
class Socket {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  readonly closed: Promise<readonly [code: number, reason: string]>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (text: Buffer) => this.messages.push(JSON.parse(String(text)) as Message));
    this.closed = once(socket, 'close').then(([code, reason]) => [code, String(reason)]);
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<Socket> {
    const address = `${url.replace(/^http/, 'ws')}/graphql`;
    const opened = new Socket(new WebSocket(address, 'graphql-transport-ws'));
    onTestFinished(() => opened.socket.terminate());
    await once(opened.socket, 'open');
    opened.socket.send(JSON.stringify({ type: 'connection_init', payload: headers }));
    await opened.until(() => opened.messages.some(({ type }) => type === 'connection_ack'));
    return opened;
  }

  ask(id: string, query: string): void {
    this.socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
  }

  of(id: string): readonly Message[] {
    return this.messages.filter((message) => message.id === id);
  }

  async until(isSo: () => boolean): Promise<void> {
    for (let tries = 0; tries < 500 && !isSo(); tries++) await sleep(10);
    expect(isSo()).toBe(true);
  }
}

describe('who is let in no more', () => {
  const directory = sharedTempFolder();
  let project: TestProject;
  let tokenFor: (seconds: number) => Promise<Readonly<Record<string, string>>>;
  let customers = 0;

  const change = (): string => {
    const id = `C-REFUSED-${++customers}`;
    return `mutation { createCustomer(input: { id: "${id}", name: "R", email: "${id}@mail.example" }) { customer { id } errors { code } } }`;
  };
  const newKey = async () => {
    const { token, key } = await createKey({ directory, name: `tool-${++customers}`, clock });
    const revoke = () => revokeKey({ directory, id: key.id, clock });
    return { headers: { 'x-api-key': token }, revoke };
  };
  const isThere = async (number: number): Promise<boolean> => {
    const { data } = await project.ask(`{ customer(id: "C-REFUSED-${number}") { name } }`);
    return data?.['customer'] !== null;
  };

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const jwksFile = join(directory, 'jwks.json');
    writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }));
    tokenFor = async (seconds) => {
      const jwt = new SignJWT({ iss: issuer, aud: audience, sub: 'ana' })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds);
      return { authorization: `Bearer ${await jwt.sign(privateKey)}` };
    };
    project = await startProjectUntilClosed({
      dataDirectory: directory,
      flags: { access: { jwt: { jwksFile, issuer, audience, clockToleranceSeconds: 0 } } },
    });
  });

  afterAll(() => project?.server.close());

  it('is refused the next operation over a WebSocket that was open before', async () => {
    const { headers, revoke } = await newKey();
    const socket = await Socket.open(project.server.url, headers);
    socket.ask('before', change());
    await socket.until(() => socket.of('before').some(({ type }) => type === 'complete'));
    expect(await isThere(customers)).toBe(true);
    await revoke();
    socket.ask('after', change());
    expect(await socket.closed).toEqual([
      4403,
      expect.stringMatching(/^UNAUTHENTICATED: .*revoked/),
    ]);
    expect(socket.of('after').filter(({ type }) => type === 'next')).toEqual([]);
    expect(await isThere(customers)).toBe(false);
  });

  it('is not sent the next event of a subscription over a WebSocket', async () => {
    const { headers, revoke } = await newKey();
    const socket = await Socket.open(project.server.url, headers);
    socket.ask('events', follow);
    await sleep(300);
    await project.ask(change());
    await socket.until(() => socket.of('events').length === 1);
    await revoke();
    expect(await socket.closed).toMatchObject([4403, expect.stringContaining('revoked')]);
    expect(socket.of('events')).toHaveLength(1);
  });

  it('is told so at the end of a stream of events', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const { headers, revoke } = await newKey();
      const stream = await StreamReader.open(project.server.url, follow, { headers, method });
      await sleep(300);
      await project.ask(change());
      expect(await stream.nextEvent()).toMatchObject({ event: 'next', data: { data: {} } });
      await revoke();
      expect(await stream.nextEvent()).toMatchObject({
        event: 'next',
        data: {
          errors: [
            {
              message: expect.stringContaining('revoked'),
              extensions: { code: 'UNAUTHENTICATED' },
            },
          ],
        },
      });
      expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
      expect(await stream.nextEvent()).toEqual({ kind: 'end' });
    }
  });

  it('may have a token that expired while the WebSocket or the stream was open', async () => {
    const headers = await tokenFor(3);
    const socket = await Socket.open(project.server.url, headers);
    socket.ask('events', follow);
    const stream = await StreamReader.open(project.server.url, follow, { headers });
    const refused = { extensions: { code: 'UNAUTHENTICATED' } };
    expect(await stream.nextEvent()).toMatchObject({ data: { errors: [refused] } });
    expect(await socket.closed).toMatchObject([4403, expect.stringContaining('expired')]);
  });

  it('does not end what others have open', async () => {
    const [stays, goes] = [await newKey(), await newKey()];
    const socket = await Socket.open(project.server.url, stays.headers);
    socket.ask('events', follow);
    await goes.revoke();
    await sleep(2_500);
    await project.ask(change());
    await socket.until(() => socket.of('events').length === 1);
    expect(socket.socket.readyState).toBe(WebSocket.OPEN);
  });
});
