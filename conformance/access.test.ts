import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../access/api-keys.ts';
import { systemClock as clock } from '../foundation/clock.ts';
import { createLog } from '../foundation/log.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const question = '{ customer(id: "C0000042") { name } }';
const routerSecret = 'a-secret-between-routers';
const issuer = 'https://issuer.example.com/';
const audience = 'tributary';

describe('a server that only this machine reaches', () => {
  const directory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory: directory });
  });

  afterAll(() => project?.server.close());

  it('says so when it starts', () => {
    expect(project.server.access.join('\n')).toMatch(/only from this machine.*no key/);
  });

  it('answers without a key', async () => {
    expect(await project.ask(question)).toMatchObject({ status: 200, data: { customer: {} } });
  });

  it('refuses a wrong key all the same', async () => {
    for (const headers of [
      { 'x-api-key': 'wrong' },
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic d3Jvbmc6' },
    ]) {
      const { status, data, errors } = await project.ask(question, {}, headers);
      expect({ status, data }).toEqual({ status: 401, data: undefined });
      expect(errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED', hint: expect.stringContaining('key create') } },
      ]);
    }
  });

  it('answers with a key', async () => {
    const { token } = await createKey({ directory, name: 'Retool', clock });
    expect((await project.ask(question, {}, { 'x-api-key': token })).status).toBe(200);
  });

  it('serves its subgraphs', async () => {
    const { data } = await askGraph(
      `${project.server.url}/subgraphs/identity`,
      '{ _service { sdl } }',
    );
    expect(data).toMatchObject({ _service: { sdl: expect.stringContaining('CustomerIdentity') } });
  });
});

describe('a server that other machines reach', () => {
  const directory = sharedTempFolder();
  const logLines: Record<string, unknown>[] = [];
  let project: TestProject;
  let sign: (claims?: Readonly<Record<string, unknown>>) => Promise<string>;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const jwksFile = join(directory, 'jwks.json');
    writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }));
    sign = (claims = {}) =>
      new SignJWT({ iss: issuer, aud: audience, sub: 'ana', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setExpirationTime('1h')
        .sign(privateKey);
    project = await startProjectUntilClosed({
      dataDirectory: directory,
      flags: {
        server: { host: '0.0.0.0' },
        subgraphs: { routerSecret },
        access: { jwt: { jwksFile, issuer, audience } },
      },
      log: createLog({
        level: 'info',
        destination: { write: (line) => logLines.push(JSON.parse(line)) },
      }),
    });
  });

  afterAll(() => project?.server.close());

  it('says when it starts who gets in, and that there is no key yet', () => {
    const lines = project.server.access.join('\n');
    expect(lines).toMatch(/beyond this machine \(0\.0\.0\.0\).*an API key or a JSON Web Token/);
    expect(lines).toContain('no API key yet');
    expect(lines).toContain(issuer);
    expect(lines).toContain('unencrypted');
  });

  it('answers nobody whom it does not know', async () => {
    for (const path of ['/graphql', '/']) {
      const { status, errors } = await askGraph(`${project.server.url}${path}`, question);
      expect(status).toBe(401);
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    }
  });

  it('knows a key from the moment it is made to the moment it is revoked', async () => {
    const { token, key } = await createKey({ directory, name: 'n8n', clock });
    for (const headers of [{ 'x-api-key': token }, { authorization: `Bearer ${token}` }]) {
      expect(await project.ask(question, {}, headers)).toMatchObject({
        status: 200,
        data: { customer: { name: expect.any(String) } },
      });
    }
    await revokeKey({ directory, id: key.id, clock });
    const { status, errors } = await project.ask(question, {}, { 'x-api-key': token });
    expect(status).toBe(401);
    expect(errors?.[0]?.message).toContain('revoked');
  });

  it('knows the bearer of a token of its issuer, and of no other', async () => {
    const withToken = async (token: string) =>
      project.ask(question, {}, { authorization: `Bearer ${token}` });
    expect((await withToken(await sign())).status).toBe(200);
    for (const claims of [{ iss: 'https://other.example.com/' }, { aud: 'other' }]) {
      expect((await withToken(await sign(claims))).status).toBe(401);
    }
    expect((await withToken(`${(await sign()).slice(0, -6)}AAAAAA`)).status).toBe(401);
  });

  it('does not take the bearer of a token for the key or the server that is called the same', async () => {
    const { token } = await createKey({ directory, name: 'crm', clock });
    const subscribe = `mutation ($name: String!) {
      createSubscriber(input: { name: $name, url: "https://crm.example/events" }) {
        subscriber { id owner } problems { message }
      }
    }`;
    const ofKey = await project.ask(subscribe, { name: 'of-key' }, { 'x-api-key': token });
    expect(ofKey.data).toMatchObject({ createSubscriber: { subscriber: { owner: 'crm' } } });
    for (const sub of ['crm', 'local', 'tributary']) {
      const headers = { authorization: `Bearer ${await sign({ sub })}` };
      const { data } = await project.ask('{ eventSubscribers { name } }', {}, headers);
      expect(data).toEqual({ eventSubscribers: [] });
      const change = `mutation { createCustomer(input: { name: "X", email: "${sub}@mail.example" }) { customer { createdBy } } }`;
      expect((await project.ask(change, {}, headers)).data).toEqual({
        createCustomer: { customer: { createdBy: `subject:${sub}` } },
      });
    }
  });

  it('names the caller in the log, and never a credential', async () => {
    const { token, key } = await createKey({ directory, name: 'Zapier', clock });
    const jwt = await sign();
    await project.ask(question, {}, { 'x-api-key': token });
    await project.ask(question, {}, { authorization: `Bearer ${jwt}` });
    const callers = logLines.map(({ caller }) => caller);
    expect(callers).toContainEqual({ kind: 'apiKey', id: key.id });
    expect(callers).toContainEqual({ kind: 'jwt', id: 'ana' });
    const log = JSON.stringify(logLines);
    expect(log).not.toContain(token);
    expect(log).not.toContain(jwt);
  });

  it('shows its pages and its health to everybody', async () => {
    for (const path of [
      '/',
      '/graphiql',
      '/graphiql/graphiql.js',
      '/health/live',
      '/health/ready',
    ]) {
      const response = await fetch(`${project.server.url}${path}`);
      await response.arrayBuffer();
      expect([path, response.status]).toEqual([path, 200]);
      const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
      const policy = response.headers.get('content-security-policy') ?? '';
      expect([path, policy.includes("frame-ancestors 'none'")]).toEqual([path, isPage]);
    }
  });

  it('lets routers reach its subgraphs, and callers not', async () => {
    const ask = (headers: Readonly<Record<string, string>>) =>
      askGraph(`${project.server.url}/subgraphs/sales`, '{ _service { sdl } }', {}, headers);
    const { token } = await createKey({ directory, name: 'Power Apps', clock });
    expect((await ask({ 'x-tributary-router-secret': routerSecret })).status).toBe(200);
    expect((await ask({ 'x-tributary-router-secret': 'guessed' })).status).toBe(401);
    expect((await ask({ 'x-api-key': token })).status).toBe(401);
    expect((await ask({})).status).toBe(401);
    const asRouter = { 'x-tributary-router-secret': routerSecret };
    expect((await project.ask(question, {}, asRouter)).status).toBe(401);
  });
});

it('keeps its subgraphs to itself beyond this machine when there is no router secret', async () => {
  const project = await startProjectUntilClosed({
    dataDirectory: tempFolder(),
    flags: { server: { host: '0.0.0.0' } },
  });
  const headers = { 'x-tributary-router-secret': routerSecret };
  const { status, errors } = await askGraph(
    `${project.server.url}/subgraphs/sales`,
    '{ _service { sdl } }',
    {},
    headers,
  );
  await project.server.close();
  expect(project.server.access.join('\n')).toContain('/subgraphs/ are off');
  expect(status).toBe(403);
  expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPHS_CLOSED' } }]);
});
