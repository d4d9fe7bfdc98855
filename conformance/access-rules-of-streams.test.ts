import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose } from '../registry/compose.ts';
import { StreamReader } from './testing/read-stream.ts';
import { startProject, type TestProject } from './testing/start-project.ts';
import { SubscribedSubgraph, subscribedSchema } from './testing/subscribed-subgraph.ts';
import { TokenIssuer } from './testing/token-issuer.ts';

const follow = 'subscription { reviewAdded { id body author { id } } }';
const review = { id: 'R1', body: 'secret', author: { id: 'C1' } };
const whole = { id: 'R1', body: 'secret', author: { id: 'C1' } };
const part = { ...whole, body: null };
const bodyWithheld = {
  path: ['reviewAdded', 'body'],
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
};

type Rule = readonly [field: string, rule: string];
const open: Rule = ['stars: Int', ''];
const guardedBody: Rule = ['body: String', '@authenticated'];
const guardedRoot: Rule = ['reviewAdded(minStars: Int): Review', '@authenticated'];

async function start(issuer: TokenIssuer, rule: Rule) {
  const subgraph = await SubscribedSubgraph.start();
  onTestFinished(() => subgraph.close());
  const supergraphFile = join(tempFolder(), 'supergraph.graphql');
  const write = ([field, added]: Rule): void => {
    const sdl = subscribedSchema
      .replace('["@key"]', '["@key", "@authenticated"]')
      .replace(field, `${field} ${added}`);
    const subgraphs = [{ name: 'reviews', url: subgraph.url, sdl }];
    writeFileSync(supergraphFile, compose({ subgraphs }).supergraphSdl);
  };
  write(rule);
  const flags = { access: { jwt: issuer.settings } };
  const project = await startProject({ projectDirectory: tempFolder(), supergraphFile, flags });
  return { subgraph, project, write };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_500 && !isSo(); tries++) await sleep(10);
  expect(isSo()).toBe(true);
}

async function openStream(
  project: TestProject,
  headers: Readonly<Record<string, string>> = {},
): Promise<StreamReader> {
  const stream = await StreamReader.open(project.server.url, follow, { headers });
  onTestFinished(() => stream.hangUp());
  return stream;
}

function overWebSocket(project: TestProject, connectionParams?: Record<string, unknown>) {
  const client = createClient({
    url: project.server.url.replace(/^http/, 'ws').concat('/graphql'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(connectionParams && { connectionParams }),
  });
  onTestFinished(() => void client.dispose());
  return client.iterate({ query: follow });
}

describe('a subscription of a supergraph file with access rules', () => {
  const issuer = new TokenIssuer();

  it('brings by server-sent events what its caller may read', async () => {
    const { project, subgraph } = await start(issuer, guardedBody);
    const anonymous = await openStream(project);
    await until(() => subgraph.openStreams === 1);
    const known = await openStream(project, await issuer.headers());
    await until(() => subgraph.openStreams === 2);
    subgraph.emit(review);
    expect(await anonymous.nextEvent()).toMatchObject({
      data: { data: { reviewAdded: part }, errors: [bodyWithheld] },
    });
    expect(await known.nextEvent()).toMatchObject({ data: { data: { reviewAdded: whole } } });
    expect(subgraph.subscriptions[0]?.query).not.toMatch(/\bbody\b/);
    expect(subgraph.subscriptions[1]?.query).toMatch(/\bbody\b/);
  });

  it('brings over a WebSocket what the credential of its connection may read', async () => {
    const { project, subgraph } = await start(issuer, guardedBody);
    const anonymous = overWebSocket(project);
    const first = anonymous.next();
    await until(() => subgraph.openStreams === 1);
    const known = overWebSocket(project, { ...(await issuer.headers()) });
    const second = known.next();
    await until(() => subgraph.openStreams === 2);
    subgraph.emit(review);
    expect(await first).toMatchObject({
      value: { data: { reviewAdded: part }, errors: [bodyWithheld] },
    });
    expect(await second).toMatchObject({ value: { data: { reviewAdded: whole } } });
  });

  it('is refused where it is withheld itself, and its subgraph is not asked', async () => {
    const { project, subgraph } = await start(issuer, guardedRoot);
    const stream = await openStream(project);
    expect(stream.status).toBe(403);
    expect(JSON.parse(stream.refusal ?? '')).toEqual({
      errors: [
        {
          message: expect.stringMatching(/^Subscription\.reviewAdded was left out/),
          extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', hint: expect.any(String) },
        },
      ],
    });
    await expect(overWebSocket(project).next()).rejects.toMatchObject([
      { extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
    ]);
    expect(subgraph.subscriptions).toEqual([]);
    await openStream(project, await issuer.headers());
    expect(subgraph.subscriptions).toHaveLength(1);
  });

  it('goes on under the rules of another supergraph, and ends where they withhold it', async () => {
    const { project, subgraph, write } = await start(issuer, open);
    const stream = await openStream(project);
    await until(() => subgraph.openStreams === 1);
    subgraph.emit(review);
    expect(await stream.nextEvent()).toMatchObject({ data: { data: { reviewAdded: whole } } });
    write(guardedBody);
    await project.server.reload();
    await until(() => subgraph.subscriptions.length === 2 && subgraph.openStreams === 1);
    subgraph.emit(review);
    expect(await stream.nextEvent()).toMatchObject({ data: { data: { reviewAdded: part } } });
    write(guardedRoot);
    await project.server.reload();
    expect(await stream.nextEvent()).toMatchObject({
      data: { errors: [{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }] },
    });
    expect(await stream.nextEvent()).toMatchObject({ event: 'complete' });
  });
});

it('rules of a supergraph that is read anew hold at once, also for questions that are known', async () => {
  const { project, write } = await start(new TokenIssuer(), open);
  const query = '{ review(id: "1") { id stars } }';
  expect(await project.ask(query)).toEqual({
    status: 200,
    data: { review: { id: '1', stars: 3 } },
  });
  write(['stars: Int', '@authenticated']);
  await project.server.reload();
  expect(await project.ask(query)).toMatchObject({
    data: { review: { id: '1', stars: null } },
    errors: [{ path: ['review', 'stars'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
  });
  write(open);
  await project.server.reload();
  expect(await project.ask(query)).toMatchObject({ data: { review: { stars: 3 } } });
});
