import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';

describe('progress on a stream that is not a terminal', () => {
  it('writes a line every two seconds at the most, and one at the end', () => {
    const { stream, text, clock } = openStream();
    const progress = createProgress({ stream, clock });
    progress.start('Loading', 1_000);
    for (let done = 1; done <= 1_000; done++) {
      clock.nowMs += 5;
      progress.update(done);
    }
    progress.finish('1000 rows');
    expect(text()).toBe(
      [
        'Loading 400/1000 (40%)',
        'Loading 800/1000 (80%)',
        'Loading 1000/1000 (100%): 1000 rows',
        '',
      ].join('\n'),
    );
  });

  it('writes one line for short work, for no work and without a note', () => {
    const { stream, text, clock } = openStream();
    const progress = createProgress({ stream, clock });
    progress.start('Loading', 0);
    progress.finish();
    progress.start('Counting', 3);
    progress.update(3);
    progress.finish();
    expect(text()).toBe('Loading 0/0 (100%)\nCounting 3/3 (100%)\n');
  });

  it('starts the two seconds anew for each piece of work', () => {
    const { stream, text, clock } = openStream();
    const progress = createProgress({ stream, clock });
    clock.nowMs = 1_000_000;
    progress.start('Loading', 2);
    progress.update(1);
    expect(text()).toBe('');
  });
});

describe('progress on a terminal', () => {
  it('draws a bar, leaves it complete and writes the note below', () => {
    const { stream, text, clock } = openStream();
    const progress = createProgress({ stream: Object.assign(stream, { isTTY: true }), clock });
    progress.start('Loading', 4);
    progress.update(4);
    progress.finish('4 rows');
    expect(text()).toContain('Loading [');
    expect(text()).toMatch(/100% \| 4\/4 .*\n.*4 rows\n$/su);
  });

  it('shows several pieces of work one after the other', () => {
    const { stream, text, clock } = openStream();
    const progress = createProgress({ stream: Object.assign(stream, { isTTY: true }), clock });
    for (const label of ['Loading', 'Counting']) {
      progress.start(label, 2);
      progress.update(2);
      progress.finish();
    }
    expect(text()).toMatch(/Loading \[.*100% \| 2\/2.*Counting \[.*100% \| 2\/2/su);
  });
});

function openStream() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const clock = { nowMs: 0, now: () => new Date(clock.nowMs), monotonicMs: () => clock.nowMs };
  return { stream, clock, text: () => chunks.join('') };
}
