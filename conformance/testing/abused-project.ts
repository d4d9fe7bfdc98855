import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { collectedLog } from './collected-log.ts';
import { checkLake } from './killed-server/check-lake.ts';
import { checkLog } from './killed-server/check-log.ts';
import { withLakeCopy } from './killed-server/lake-copy.ts';
import { readLog, readTables, type Texts } from './killed-server/logged-changes.ts';
import { pushingProject } from './pushing-project.ts';
import { startProjectUntilClosed, type TestProject } from './start-project.ts';

export type Json = Readonly<Record<string, unknown>>;

interface Posted {
  readonly status: number;
  readonly json: Json;
  readonly code: unknown;
}

interface AbusedProject {
  readonly ask: TestProject['ask'];
  readonly port: () => number;
  readonly post: (
    path: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ) => Promise<Posted>;
  /** Sends the beginning of a request and goes away, without a word or in good order. */
  readonly sendHalf: (
    path: string,
    type: string,
    body: string,
    way: 'reset' | 'end',
  ) => Promise<string>;
  /** How many customers have this name; whatever is not among them was not made. */
  readonly customersNamed: (name: string) => Promise<number>;
  readonly countOf: (list: 'customers' | 'orders') => Promise<number>;
}

/**
 * A project for the tests of a file, whatever these send to it: after each of them it is as it was, and has nothing to
 * blame itself for; in the end its log, its tables and its lake agree.
 */
export function abusedProject(): AbusedProject {
  const folder = sharedTempFolder();
  const dataDirectory = join(folder, 'data');
  const { log, entries } = collectedLog();
  let project: TestProject;
  let first: ReadonlyMap<string, Texts>;

  beforeAll(async () => {
    const { directory } = pushingProject(join(folder, 'project'));
    const flags = { sync: { maxPushBytes: 4_000_000, pushIdleTimeoutMs: 2_000 } };
    project = await startProjectUntilClosed({
      projectDirectory: directory,
      dataDirectory,
      log,
      flags,
    });
    first = await withLakeCopy(dataDirectory, readTables);
  });

  /** Whatever a client sends is no fault of the server, and leaves it as it was. */
  afterEach(async () => {
    const failures = entries
      .splice(0)
      .filter(({ level }) => level === 'error' || level === 'fatal');
    expect(failures).toEqual([]);
    const { data, errors } = await project.ask('{ customer(id: "S1") { id name salesRep } }');
    expect({ data, errors }).toEqual({
      data: { customer: { id: 'S1', name: 'Seed One', salesRep: null } },
      errors: undefined,
    });
  });

  afterAll(async () => {
    await project.server.close();
    const problems = await withLakeCopy(dataDirectory, async (lake) => [
      ...checkLog(await readLog(lake), first, await readTables(lake)),
      ...(await checkLake(lake)),
    ]);
    expect(problems).toEqual([]);
  });

  const ask: AbusedProject['ask'] = (...question) => project.ask(...question);
  return {
    ask,
    port: () => project.server.port,
    async post(path, body, headers) {
      const sent = typeof body === 'string' ? body : new Uint8Array(body);
      const response = await fetch(`${project.server.url}${path}`, {
        method: 'POST',
        headers,
        body: sent,
      });
      const json = JSON.parse(await response.text()) as Json;
      const [error] = (json['errors'] ?? []) as readonly { readonly extensions: Json }[];
      return { status: response.status, json, code: error?.extensions['code'] };
    },
    sendHalf: (path, type, body, way) =>
      new Promise((resolve) => {
        const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 100000\r\n\r\n`;
        const socket = connect(project.server.port, '127.0.0.1', () => {
          if (way === 'end') socket.end(head + body);
          else socket.write(head + body, () => setTimeout(() => socket.resetAndDestroy(), 50));
        });
        let received = '';
        socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
        socket.on('error', () => {});
        socket.on('close', () => resolve(received));
      }),
    async customersNamed(name) {
      const query =
        'query ($name: String!) { customers(where: { name: { eq: $name } }) { totalCount } }';
      const { data, errors } = await ask(query, { name });
      expect(errors).toBeUndefined();
      return (data as { readonly customers: { readonly totalCount: number } }).customers.totalCount;
    },
    async countOf(list) {
      const { data, errors } = await ask(`{ ${list}(first: 1) { totalCount } }`);
      expect(errors).toBeUndefined();
      return (data as Record<string, { readonly totalCount: number }>)[list]?.totalCount ?? -1;
    },
  };
}

/** What somebody else's program would take for a part of a statement. */
export const sql = `'; DROP TABLE identity.customer; --`;
