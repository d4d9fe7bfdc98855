import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { builtProgram } from '../cli/testing/built-program.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { repositoryDirectory, startProject } from './testing/start-project.ts';

const everything = '{ customers(first: 1) { totalCount } invoices(first: 1) { totalCount } }';
const whole = { customers: { totalCount: 1000 }, invoices: { totalCount: 2986 } };

describe('a first start that is broken off while the lake is filled', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'by %s leaves nothing half-loaded, and the next start makes up for it',
    async (signal) => {
      const dataDirectory = tempFolder();
      // The log says so of the first of five tables, which are loaded in one transaction.
      await breakOff(
        ['serve', '--port', '0', '--data', dataDirectory],
        'first rows loaded',
        signal,
      );
      const { ask } = await startProject({ dataDirectory });
      expect(await ask(everything)).toEqual({ status: 200, data: whole });
    },
  );
});

describe('seeding that is broken off', () => {
  it('leaves an empty lake, which is seeded anew without --replace', async () => {
    const dataDirectory = tempFolder();
    const seed = (customers: number): readonly string[] => [
      ...['seed', '--customers', String(customers), '--data', dataDirectory],
    ];
    await breakOff(seed(500_000), 'Customers ', 'SIGINT');
    const child = start(seed(7));
    expect((await once(child, 'close'))[0]).toBe(0);
    const { ask } = await startProject({ dataDirectory });
    expect((await ask('{ customers(first: 1) { totalCount } }')).data).toEqual({
      customers: { totalCount: 7 },
    });
  });
});

function start(args: readonly string[]) {
  return spawn(process.execPath, [builtProgram, ...args], {
    cwd: repositoryDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command, sends it the signal as soon as it has written `text`, and waits for its end. */
async function breakOff(
  args: readonly string[],
  text: string,
  signal: NodeJS.Signals,
): Promise<void> {
  const child = start(args);
  let output = '';
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    if (output.includes(text)) child.kill(signal);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  await once(child, 'close');
  expect(output).toContain(text);
  expect({ signal: child.signalCode, output }).toEqual({ signal, output });
  expect(output).not.toContain('answers at');
}
