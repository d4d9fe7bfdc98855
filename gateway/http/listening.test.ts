import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Route } from './route.ts';
import { startTestFront, type TestFront } from './testing/start-test-front.ts';

/** Answers after the time that the query string says, in milliseconds. */
const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/wait',
    handle: async ({ search }) => {
      await sleep(Number(search.slice(1)));
      return { status: 200, headers: {}, body: 'done' };
    },
  },
];

function isRefused(front: TestFront): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(front.port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

describe('a shutdown', () => {
  it('finishes requests in flight, takes no new ones, and does not wait for idle connections', async () => {
    const front = await startTestFront(routes);
    expect(await (await fetch(`${front.url}/wait?0`)).text()).toBe('done');
    const silent = connect(front.port, '127.0.0.1');
    const silentClosed = new Promise((resolve) => silent.on('close', resolve));
    const inFlight = fetch(`${front.url}/wait?300`);
    await sleep(100);
    const startedMs = performance.now();
    const closed = front.close();
    expect(await isRefused(front)).toBe(true);
    const response = await inFlight;
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.text()).toBe('done');
    await closed;
    await silentClosed;
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    await front.stop();
  });

  it('cuts off what takes longer than the time limit', async () => {
    const front = await startTestFront(routes, { server: { shutdownTimeoutMs: 100 } });
    const inFlight = fetch(`${front.url}/wait?5000`).then(
      () => 'answered',
      () => 'cut off',
    );
    await sleep(100);
    await front.close();
    expect(await inFlight).toBe('cut off');
    await front.stop();
  });
});

describe('listening', () => {
  it('says that the port is in use', async () => {
    const front = await startTestFront(routes);
    await expect(startTestFront(routes, { server: { port: front.port } })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${front.port} on 127.0.0.1 is already in use.`,
    });
    await front.stop();
  });

  it('says that the address is not ours', async () => {
    const elsewhere = startTestFront(routes, { server: { host: '203.0.113.1' } });
    await expect(elsewhere).rejects.toMatchObject({ code: 'CANNOT_LISTEN' });
  });

  it('serves https with certificate files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tributary-tls-'));
    const certFile = join(directory, 'cert.pem');
    const keyFile = join(directory, 'key.pem');
    const command =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 ' +
      '-subj /CN=localhost -addext subjectAltName=DNS:localhost';
    const files = ['-keyout', keyFile, '-out', certFile];
    execFileSync('openssl', [...command.split(' '), ...files], { stdio: 'ignore' });
    const tls = { certFile, keyFile };
    const front = await startTestFront(routes, { server: { host: 'localhost', tls } });
    expect(front.url).toBe(`https://localhost:${front.port}`);
    const body = await new Promise<string>((resolve, reject) => {
      const options = { ca: readFileSync(certFile), agent: false };
      get(`${front.url}/wait?0`, options, (response) => {
        response.setEncoding('utf8').on('data', resolve);
      }).on('error', reject);
    });
    expect(body).toBe('done');
    await front.stop();
    writeFileSync(keyFile, 'rubbish');
    await expect(startTestFront(routes, { server: { tls } })).rejects.toMatchObject({
      code: 'TLS_FILE_UNUSABLE',
    });
    rmSync(directory, { recursive: true });
  });
});
