import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const log = join(import.meta.dirname, 'log.ts');

/** What a program with a log wrote to standard output, and its exit code. */
function run(program: string): Promise<{ readonly code: number; readonly lines: string[] }> {
  const text = `
    import { createLog } from ${JSON.stringify(log)};
    const log = createLog({ level: 'info' });
    ${program}`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', text];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error, out) => {
      const messages = out.split('\n').filter((line) => line !== '');
      const lines = messages.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
      resolve({ code: Number(error?.code ?? 0), lines });
    });
  });
}

describe('the log of a process', () => {
  it.each([
    ['ends by itself', '', 0],
    ['exits', 'process.exit(3);', 3],
    ['fails', 'throw new Error("unforeseen");', 1],
  ])('is whole when the process %s in the turn that wrote it', async (_, ending, code) => {
    const ran = await run(`log.info('first'); log.error('second'); ${ending}`);
    expect(ran).toEqual({ code, lines: ['first', 'second'] });
  });

  it('has the lines of many turns and of several logs in the order in which they were written', async () => {
    const { lines } = await run(`
      const other = createLog({ level: 'info' });
      for (let turn = 0; turn < 100; turn++) {
        log.info('log ' + turn);
        other.info('other ' + turn);
        await new Promise((resolve) => (turn % 2 === 0 ? setImmediate(resolve) : process.nextTick(resolve)));
      }`);
    expect(lines).toEqual(
      Array.from({ length: 100 }, (_, turn) => [`log ${turn}`, `other ${turn}`]).flat(),
    );
  });

  it('takes lines that are larger than what a pipe holds', async () => {
    const { lines } = await run(
      `for (let turn = 0; turn < 40; turn++) log.info(String(turn).repeat(100_000));`,
    );
    expect(lines.map((line) => line.length)).toEqual(
      Array.from({ length: 40 }, (_, turn) => String(turn).length * 100_000),
    );
  });
});
