import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import type { Config, PartialConfig } from '../foundation/config/schema.ts';
import { createKey } from './api-keys.ts';
import type { Caller, CallerEvidence } from './caller.ts';
import { describeAccess } from './describe-access.ts';
import { createOriginationTracer } from './forwarding.ts';
import { createCallerIdentifier } from './identify-caller.ts';
import { KeyStore } from './key-store.ts';

const clock = systemClock;
const secret = 'a-router-secret-of-some-length';
let directory: string;
let token: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-caller-'));
  ({ token } = await createKey({ directory, name: 'tool', clock }));
});

afterAll(() => rmSync(directory, { recursive: true }));

function configOf(flags: PartialConfig): Config {
  return loadConfig({ projectDirectory: directory, environment: {}, flags });
}

interface Situation extends Partial<CallerEvidence> {
  readonly headers?: IncomingHttpHeaders;
  readonly host?: string;
  readonly routerSecret?: string;
}

function identify({ host, routerSecret, ...evidence }: Situation): Promise<Caller> {
  const config = configOf({ server: { host }, subgraphs: { routerSecret } });
  const keyStore = new KeyStore(directory);
  const identifyCaller = createCallerIdentifier({ config, keyStore, clock });
  return identifyCaller({
    headers: {},
    remoteAddress: '127.0.0.1',
    admits: 'callers',
    ...evidence,
  });
}

describe('a caller', () => {
  it.each(['127.0.0.1', '::ffff:127.0.0.1', '::1'])('from %s may be anonymous', async (address) => {
    expect(await identify({ remoteAddress: address })).toEqual({ kind: 'anonymous' });
  });

  it.each<[string, Situation]>([
    ['when the server is reached from beyond this machine', { host: '0.0.0.0' }],
    ['when the connection is not from this machine', { remoteAddress: '10.0.0.1' }],
    ['when the address is unknown', { remoteAddress: '' }],
    ['when a proxy on this machine forwards', { headers: { 'x-forwarded-for': '127.0.0.1' } }],
    ['when it gives a wrong key', { headers: { 'x-api-key': 'trib_x' } }],
    ['when it gives an empty key', { headers: { 'x-api-key': '' } }],
    ['when it gives a token that nobody checks', { headers: { authorization: 'Bearer abc' } }],
    ['when it gives a password', { headers: { authorization: 'Basic YTpi' } }],
    ['when it gives an empty token', { headers: { authorization: 'Bearer ' } }],
  ])('is not anonymous %s', async (_, situation) => {
    await expect(identify(situation)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is known by a key in either header, or in both', async () => {
    const authorization = `bearer ${token}`;
    for (const headers of [
      { authorization },
      { 'x-api-key': token },
      { authorization, 'x-api-key': token },
    ]) {
      expect(await identify({ host: '0.0.0.0', headers })).toMatchObject({ name: 'tool' });
    }
  });

  it('with two different credentials is refused, even if one is right', async () => {
    const headers = { authorization: 'Bearer abc', 'x-api-key': token };
    await expect(identify({ headers })).rejects.toThrow('carry different credentials');
  });
});

describe('a federation router', () => {
  const admits = 'routers' as const;
  const right = { 'x-tributary-router-secret': secret };

  it('is known by the secret', async () => {
    const situation = { admits, host: '0.0.0.0', routerSecret: secret, headers: right };
    expect(await identify(situation)).toEqual({ kind: 'router' });
  });

  it('finds the subgraphs closed beyond this machine when no secret is set, key or not', async () => {
    const situation = { admits, host: '0.0.0.0', headers: { ...right, 'x-api-key': token } };
    await expect(identify(situation)).rejects.toMatchObject({ code: 'SUBGRAPHS_CLOSED' });
  });

  it.each<[string, Situation]>([
    ['a wrong secret', { headers: { 'x-tributary-router-secret': 'wrong' } }],
    ['an API key instead of the secret', { host: '0.0.0.0', headers: {} }],
  ])('is refused with %s', async (_, situation) => {
    const refused = identify({ admits, routerSecret: secret, ...situation });
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('on this machine needs no secret, but a wrong one is refused', async () => {
    expect(await identify({ admits })).toEqual({ kind: 'anonymous' });
    await expect(identify({ admits, headers: right })).rejects.toThrow('none is set here');
  });
});

describe('a proxy', () => {
  const trace = createOriginationTracer(['10.0.0.0/8', '::1']);

  it('that is trusted tells the client, whatever the client claims', () => {
    const headers = {
      host: 'inner',
      'x-forwarded-for': '1.1.1.1, 6.6.6.6, 10.0.0.9',
      'x-forwarded-host': 'graph.example',
    };
    expect(trace(headers, '::ffff:10.0.0.1')).toEqual({
      address: '6.6.6.6',
      host: 'graph.example',
      isForwarded: true,
    });
  });

  it('that is not trusted is the client itself', () => {
    const headers = { host: 'h', 'x-forwarded-for': '1.1.1.1', 'x-forwarded-host': 'evil' };
    expect(trace(headers, '11.0.0.1')).toEqual({
      address: '11.0.0.1',
      host: 'h',
      isForwarded: true,
    });
  });
});

describe('describeAccess', () => {
  const lines = (flags: PartialConfig, data = directory): string =>
    describeAccess(configOf(flags), new KeyStore(data)).join('\n');

  it('says that this machine alone gets in', () => {
    expect(lines({})).toContain('only from this machine');
  });

  it('says beyond it what is needed and how to make a key', () => {
    const server = { host: '0.0.0.0' };
    expect(lines({ server })).toMatch(/needs an API key\.\n.*in use: 1/);
    expect(lines({ server }, join(directory, 'other'))).toContain('tributary key create');
    expect(lines({ server })).toContain('Set server.tls');
    expect(lines({ server, subgraphs: { routerSecret: secret } })).toContain('router secret');
  });
});
